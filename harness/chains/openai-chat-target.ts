// One attempt over OpenAI's chat completions. A stream that was cut off looks to the SDK like any
// other: an `end` is sent for finish_reason or [DONE] only.
import type OpenAI from 'openai';
import { z } from 'zod';
import { BadAnswer } from './attempt-error.ts';
import { watchDone } from './done-marker.ts';
import { openAiClient } from './openai-client.ts';
import type { ClientOptions, Ending, Part, Target, TargetRequest } from './target.ts';
import { turnsOf } from './target.ts';
import { isEventStream, readWhole } from './whole-body.ts';

export function openAiChatTarget(name: string, model: string, options: ClientOptions): Target {
  const watch = watchDone(options.fetch);
  const client = openAiClient({ ...options, fetch: watch.fetch });
  return {
    name,
    credential: options.apiKey,
    async *ask(request, signal) {
      const body = bodyOf(model, request);
      if (!request.stream) {
        const response = await client.chat.completions.create(body, { signal }).asResponse();
        yield { kind: 'headers' };
        yield* wholeParts(response);
        return;
      }
      const sent = client.chat.completions.create({ ...body, stream: true }, { signal });
      const response = await sent.asResponse();
      yield { kind: 'headers' };
      if (isEventStream(response)) yield* streamParts(await sent, () => watch.isDone(response));
      else yield* wholeParts(response);
    },
  };
}

function bodyOf(
  model: string,
  request: TargetRequest,
): OpenAI.ChatCompletionCreateParamsNonStreaming {
  const { system, schema, maxTokens } = request;
  return {
    model,
    messages: [
      ...(system === null ? [] : [{ role: 'system', content: system } as const]),
      ...turnsOf(request),
    ],
    ...(thinks(model) ? { max_completion_tokens: maxTokens } : { max_tokens: maxTokens }),
    ...(schema === null
      ? {}
      : { response_format: { type: 'json_schema', json_schema: { name: 'answer', schema } } }),
  };
}

/** Models that think refuse `max_tokens`; older ones and most imitations know nothing else. */
function thinks(model: string): boolean {
  return /^(o\d|gpt-[5-9])/.test(model);
}

async function* streamParts(
  chunks: AsyncIterable<OpenAI.ChatCompletionChunk>,
  isDone: () => boolean,
): AsyncGenerator<Part> {
  let ended = false;
  let refused = false;
  for await (const chunk of chunks) {
    const choice = chunk.choices?.[0];
    if (!choice) continue;
    const { delta, finish_reason } = choice;
    if (delta?.refusal) refused = true;
    const text = delta?.content || delta?.refusal;
    if (text) yield { kind: 'text', text };
    if (finish_reason) {
      ended = true;
      yield { kind: 'end', ending: endingOf(finish_reason, refused) };
    }
  }
  if (!ended && isDone()) yield { kind: 'end', ending: refused ? 'refusal' : 'stop' };
}

const completion = z.object({
  choices: z
    .array(
      z.object({
        finish_reason: z.string(),
        message: z.object({ content: z.string().nullish(), refusal: z.string().nullish() }),
      }),
    )
    .min(1),
});

async function* wholeParts(response: Response): AsyncGenerator<Part> {
  const [choice] = (await readWhole(response, completion)).choices;
  if (!choice) return;
  const { content, refusal } = choice.message;
  const text = content || refusal;
  const ending = endingOf(choice.finish_reason, Boolean(refusal));
  if (text) yield { kind: 'text', text };
  yield { kind: 'end', ending };
}

function endingOf(reason: string, refused: boolean): Ending {
  if (reason === 'content_filter' || (refused && reason === 'stop')) return 'refusal';
  if (reason === 'stop' || reason === 'length') return reason;
  // Tool calls that nobody asked for, errors dressed as endings, reasons that are not invented yet.
  throw new BadAnswer('malformed', `the answer ended with finish_reason ${reason}`);
}
