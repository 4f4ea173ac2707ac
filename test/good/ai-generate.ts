// The AI SDK, answers in one piece, with its own retries off: two layers that retry multiply. Its
// messages are the same for every provider, so that a session with tools goes on wherever it broke.
import { anthropic } from '@ai-sdk/anthropic';
import { openai } from '@ai-sdk/openai';
import type { LanguageModel, ModelMessage, ToolSet } from 'ai';
import { generateText, jsonSchema, Output, tool } from 'ai';
import type { Question } from '../../harness/api.ts';
import type { Answer, Ending } from './parts/answer.ts';
import { sound } from './parts/answer.ts';
import { BadAnswer, readFailure } from './parts/failure.ts';
import { Story } from './parts/story.ts';
import { Attempt, between, sleep } from './parts/timing.ts';
import type { Turn } from './parts/tools.ts';
import { argumentsOf, mostTurns, runnable, runTools } from './parts/tools.ts';

export const targets = ['anthropic/claude-3-5-sonnet-latest', 'openai/gpt-4o'];
export const tools = true;

const attemptMs = 9_000;
const deadlineMs = 28_000;

interface Target {
  name: string;
  model: LanguageModel;
}

export default () => {
  const order: Target[] = [
    {
      name: 'anthropic/claude-3-5-sonnet-latest',
      model: anthropic('claude-3-5-sonnet-latest'),
    },
    { name: 'openai/gpt-4o', model: openai.chat('gpt-4o') },
  ];

  return async (question: Question, signal: AbortSignal) => {
    const story = new Story();
    const until = performance.now() + deadlineMs;
    const turns: Turn[] = [];
    let [target, ...others] = order;
    for (let failures = 0; target; ) {
      const attempt = new Attempt(signal, Math.min(attemptMs, until - performance.now()));
      let wait: number | null = null;
      try {
        const asked = generate(target.model, question, turns, attempt.signal);
        const answer = sound(await attempt.within(attemptMs, 'answer', asked), question.schema);
        story.answered(target.name, answer.ending);
        if (answer.ending !== 'tools') return { text: answer.text, meta: story.meta() };
        if (turns.length === mostTurns)
          throw new BadAnswer('malformed', 'it goes round in circles');
        turns.push(await runTools(question, answer));
      } catch (error) {
        signal.throwIfAborted();
        const failure = story.failed(target.name, readFailure(error));
        if (failure.kind === 'policy') break;
        failures++;
        const again = failure.again && failure.kind !== 'limited' && failure.waitMs === null;
        if (again && failures === 1) wait = between(150, 1_500);
        else {
          failures = 0;
          [target, ...others] = others;
        }
      } finally {
        attempt.close();
      }
      if (wait !== null) await sleep(wait, signal);
      signal.throwIfAborted();
    }
    throw story.error();
  };
};

async function generate(
  model: LanguageModel,
  question: Question,
  turns: Turn[],
  abortSignal: AbortSignal,
): Promise<Answer> {
  const { system, prompt, schema } = question;
  const result = await generateText({
    model,
    maxRetries: 0,
    maxOutputTokens: 1024,
    abortSignal,
    ...(system !== null && { instructions: system }),
    messages: [{ role: 'user', content: prompt }, ...turns.flatMap(turnMessages)],
    tools: offered(question),
    ...(isRecord(schema) && { output: Output.object({ schema: jsonSchema(schema) }) }),
    // Else the schema would go along as a tool, and the answer would come as its arguments.
    providerOptions: { anthropic: { structuredOutputMode: 'outputFormat' } },
  });
  const calls = result.toolCalls.map(({ toolCallId, toolName, input }) => {
    return { id: toolCallId, name: toolName, arguments: JSON.stringify(input) };
  });
  const answer = { text: result.text, ending: endingOf(result.finishReason), calls };
  if (calls.length === 0) return answer;
  if (answer.ending !== 'tools') throw new BadAnswer('malformed', 'calls without their ending');
  return { ...answer, calls: runnable(answer, question.tools) };
}

/** Without `execute`: what is run, and when, is decided here. */
function offered({ tools: offers }: Question): ToolSet {
  const set = offers.map(({ name, description, parameters }) => {
    return [name, tool({ description, inputSchema: jsonSchema(parameters) })];
  });
  return Object.fromEntries(set);
}

function turnMessages({ text, results }: Turn): ModelMessage[] {
  const said = text.trim() === '' ? [] : [{ type: 'text' as const, text }];
  const called = results.map(({ id, name, arguments: given }) => {
    return {
      type: 'tool-call' as const,
      toolCallId: id,
      toolName: name,
      input: argumentsOf(given),
    };
  });
  const told = results.map(({ id, name, result }) => {
    const output = { type: 'text' as const, value: result };
    return { type: 'tool-result' as const, toolCallId: id, toolName: name, output };
  });
  return [
    { role: 'assistant', content: [...said, ...called] },
    { role: 'tool', content: told },
  ];
}

function endingOf(reason: string): Ending {
  if (reason === 'stop' || reason === 'length') return reason;
  if (reason === 'content-filter') return 'refusal';
  if (reason === 'tool-calls') return 'tools';
  throw new BadAnswer('malformed', `the answer ended with ${reason}`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
