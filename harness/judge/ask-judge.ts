// One verdict of the judge model: prompt, choice and parsing by autoevals, the request by the
// official SDK, over the network of the thread. In a file of its own, as only workers load it, and
// only where a workload has a judged check: 0.2 s and a second copy of the SDK.
import { LLMClassifierFromTemplate } from 'autoevals';
import OpenAI, { APIConnectionError, APIConnectionTimeoutError, APIError } from 'openai';
import { isReasoningModel } from '../wires/openai-objection.ts';
import type { JudgeModel } from './judge-model.ts';
import type { JudgeQuestion } from './judge-prompt.ts';
import { fenceFor, templates } from './judge-prompt.ts';

/** A choice of the rubric, or why there is none, in a word or two. */
export type Opinion = { choice: string; score: number; why: string } | { failed: string };

/** What the SDK waits for one response; it asks twice more where that may help. */
const timeoutMs = 60_000;

export interface JudgeOptions extends JudgeModel {
  apiKey: string;
  seed: number;
}

/** Asks once, with the SDK's own retries. Never rejects: a judge that fails has no opinion. */
export function createJudge(options: JudgeOptions): (question: JudgeQuestion) => Promise<Opinion> {
  const client = new OpenAI({
    apiKey: options.apiKey,
    baseURL: 'https://api.openai.com/v1',
    organization: null,
    project: null,
    timeout: timeoutMs,
    logLevel: 'off',
  });
  return async (question) => {
    try {
      return await classified(question, options, seeded(client, options.seed));
    } catch (error) {
      return { failed: failureOf(error) };
    }
  };
}

async function classified(
  question: JudgeQuestion,
  { target, prompt, wire }: JudgeOptions,
  client: OpenAI,
): Promise<Opinion> {
  const { task, answer, rubric, choices } = question;
  const model = target.slice(target.indexOf('/') + 1);
  const classify = LLMClassifierFromTemplate<{ task: string; rubric: string; fence: string }>({
    name: 'judge',
    promptTemplate: templates[prompt],
    choiceScores: { ...choices },
    model,
    useCoT: true,
    ...(isReasoningModel(model) ? {} : { temperature: 0 }),
    ...(wire === 'openai-responses' ? { useResponsesApi: true } : {}),
  });
  const fence = fenceFor(question);
  // Its own SDK is of an older major: the one that is given makes the request.
  const own = { client } as object;
  const { score, metadata } = await classify({ output: answer, task, rubric, fence, ...own });
  const choice = metadata?.choice;
  // `choices` is an object: `constructor` is no choice, though an object has it.
  if (typeof choice !== 'string' || !Object.hasOwn(choices, choice) || score === null) {
    return { failed: 'no choice' };
  }
  const why = metadata?.rationale;
  return { choice, score, why: typeof why === 'string' ? why : '' };
}

/** autoevals has no word for a seed; chat completions take one, responses do not. */
function seeded(client: OpenAI, seed: number): OpenAI {
  const create = (body: OpenAI.ChatCompletionCreateParamsNonStreaming): unknown =>
    client.chat.completions.create({ ...body, seed });
  const both = { chat: { completions: { create } }, responses: client.responses };
  return both as unknown as OpenAI;
}

/** Never the message: a provider's words may repeat the key. */
function failureOf(error: unknown): string {
  if (error instanceof APIConnectionTimeoutError) return 'timeout';
  if (error instanceof APIConnectionError) return 'connection';
  if (error instanceof APIError) return `status ${error.status ?? 'unknown'}`;
  const message = error instanceof Error ? error.message : '';
  return message.startsWith('Unknown score choice') ? 'no choice' : 'malformed';
}
