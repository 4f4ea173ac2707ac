// OpenAI's chat completions: the request for a question, and strict readers of what comes back.
// The SDK hands on whatever a 200 carries: pages as text, errors as answers, streams that broke
// off.
import type OpenAI from 'openai';
import type { Question } from '../../../harness/api.ts';
import type { Answer, Ending, ToolCall } from './answer.ts';
import { BadAnswer, ErrorInside } from './failure.ts';
import type { Turn } from './tools.ts';
import { runnable } from './tools.ts';

type Body = OpenAI.ChatCompletionCreateParamsNonStreaming;

export function chatBody(model: string, question: Question, turns: readonly Turn[] = []): Body {
  const { messages, schema, tools } = question;
  return {
    model,
    max_tokens: 1024,
    messages: [...messages, ...turns.flatMap(turnMessages)],
    ...(tools.length > 0 && {
      tools: tools.map(({ name, description, parameters }) => {
        return { type: 'function' as const, function: { name, description, parameters } };
      }),
    }),
    ...(isRecord(schema) && {
      response_format: { type: 'json_schema', json_schema: { name: 'answer', schema } },
    }),
  };
}

function turnMessages({ text, results }: Turn): OpenAI.ChatCompletionMessageParam[] {
  const tool_calls = results.map(({ id, name, arguments: given }) => {
    return { id, type: 'function' as const, function: { name, arguments: given } };
  });
  return [
    { role: 'assistant', content: text || null, tool_calls },
    ...results.map(({ id, result }) => {
      return { role: 'tool' as const, tool_call_id: id, content: result };
    }),
  ];
}

/** A body that came at once, as the SDK parsed it. */
export function readCompletion(body: unknown, question: Question): Answer {
  if (!isRecord(body)) throw new BadAnswer('malformed', 'the body is no completion');
  if (body.error) throw new ErrorInside(body.error);
  const choice = (body as Partial<OpenAI.ChatCompletion>).choices?.[0];
  if (!choice?.message) throw new BadAnswer('empty', 'the completion has no choice');
  const { content, refusal, tool_calls } = choice.message;
  const calls = (tool_calls ?? []).map((call): ToolCall => {
    const called = call.type === 'function' ? call.function : { name: '', arguments: '' };
    return { id: call.id, ...called };
  });
  const text = content || refusal || '';
  return ended(choice.finish_reason, text, Boolean(refusal), calls, question);
}

/** Text as it comes; an empty piece is progress that nobody can read. Returns the whole answer. */
export async function* readChunks(
  chunks: AsyncIterable<OpenAI.ChatCompletionChunk>,
  question: Question,
): AsyncGenerator<string, Answer> {
  const calls: ToolCall[] = [];
  let text = '';
  let refused = false;
  let reason: string | null = null;
  try {
    for await (const chunk of chunks) {
      const choice = chunk.choices?.[0];
      if (!choice) continue;
      const { delta, finish_reason } = choice;
      refused ||= Boolean(delta?.refusal);
      const piece = delta?.content || delta?.refusal || '';
      text += piece;
      for (const { index, id, function: called } of delta?.tool_calls ?? []) {
        const call = calls[index] ?? { id: '', name: '', arguments: '' };
        calls[index] = call;
        call.id ||= id ?? '';
        call.name ||= called?.name ?? '';
        call.arguments += called?.arguments ?? '';
      }
      reason ??= finish_reason;
      if (piece || delta?.tool_calls) yield piece;
    }
  } catch (error) {
    // What goes wrong behind the marker takes nothing away from the answer.
    if (reason === null) throw error;
  }
  if (reason === null) throw new BadAnswer('truncated', 'the stream ended without a finish_reason');
  return ended(reason, text, refused, Object.values(calls), question);
}

function ended(
  reason: string | null,
  text: string,
  refused: boolean,
  calls: ToolCall[],
  question: Question,
): Answer {
  if (calls.length > 0) {
    if (reason !== 'tool_calls' && reason !== 'stop') {
      throw new BadAnswer('malformed', `calls ended with ${reason}`);
    }
    const answer: Answer = { text, ending: 'tools', calls };
    return { ...answer, calls: runnable(answer, question.tools) };
  }
  return { text, ending: endingOf(reason, refused), calls };
}

function endingOf(reason: string | null, refused: boolean): Ending {
  if (reason === 'content_filter' || (refused && reason === 'stop')) return 'refusal';
  if (reason === 'stop' || reason === 'length') return reason;
  throw new BadAnswer('malformed', `the answer ended with ${reason}`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
