// One attempt over OpenAI's chat completions. A stream that was cut off looks to the SDK like any
// other: an `end` is sent for finish_reason or [DONE] only.
import type OpenAI from 'openai';
import { z } from 'zod';
import { BadAnswer } from './attempt-error.ts';
import { watchDone } from './done-marker.ts';
import { openAiClient } from './openai-client.ts';
import type { ClientOptions, Ending, Part, Target, TargetRequest } from './target.ts';
import { turnsOf } from './target.ts';
import type { ToolCall, ToolOffer, ToolTurn } from './tool-call.ts';
import { checkedCalls } from './tool-call.ts';
import { usageParts } from './usage.ts';
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
        yield* wholeParts(response, request.tools);
        return;
      }
      const streamed = { ...body, stream: true, stream_options: { include_usage: true } } as const;
      const sent = client.chat.completions.create(streamed, { signal });
      const response = await sent.asResponse();
      yield { kind: 'headers' };
      if (!isEventStream(response)) yield* wholeParts(response, request.tools);
      else yield* streamParts(await sent, () => watch.isDone(response), request.tools);
    },
  };
}

function bodyOf(
  model: string,
  request: TargetRequest,
): OpenAI.ChatCompletionCreateParamsNonStreaming {
  const { system, schema, maxTokens, tools } = request;
  return {
    model,
    messages: [
      ...(system === null ? [] : [{ role: 'system', content: system } as const]),
      ...turnsOf(request, toolMessages),
    ],
    ...(tools.length === 0
      ? {}
      : {
          tools: tools.map(({ name, description, parameters }) => ({
            type: 'function',
            function: { name, description, parameters },
          })),
        }),
    ...(thinks(model) ? { max_completion_tokens: maxTokens } : { max_tokens: maxTokens }),
    ...(schema === null
      ? {}
      : { response_format: { type: 'json_schema', json_schema: { name: 'answer', schema } } }),
  };
}

function toolMessages({ text, results }: ToolTurn): OpenAI.ChatCompletionMessageParam[] {
  return [
    {
      role: 'assistant',
      content: text === '' ? null : text,
      tool_calls: results.map(({ id, name, arguments: given }) => ({
        id,
        type: 'function',
        function: { name, arguments: given },
      })),
    },
    ...results.map(
      ({ id, result }): OpenAI.ChatCompletionMessageParam => ({
        role: 'tool',
        tool_call_id: id,
        content: result,
      }),
    ),
  ];
}

/** Models that think refuse `max_tokens`; older ones and most imitations know nothing else. */
function thinks(model: string): boolean {
  return /^(o\d|gpt-[5-9])/.test(model);
}

async function* streamParts(
  chunks: AsyncIterable<OpenAI.ChatCompletionChunk>,
  isDone: () => boolean,
  tools: readonly ToolOffer[],
): AsyncGenerator<Part> {
  const calls: ToolCall[] = [];
  let ended = false;
  let refused = false;
  /** What was wrong with the end; the counts come behind it. */
  let bad: unknown = null;
  for await (const chunk of chunks) {
    yield* usageParts(chunk.usage);
    const choice = chunk.choices?.[0];
    if (!choice) continue;
    const { delta, finish_reason } = choice;
    if (delta?.refusal) refused = true;
    const text = delta?.content || delta?.refusal;
    if (text) yield { kind: 'text', text };
    for (const { index, id, function: called } of delta?.tool_calls ?? []) {
      const call = calls[index] ?? { id: '', name: '', arguments: '' };
      calls[index] = call;
      call.id ||= id ?? '';
      call.name ||= called?.name ?? '';
      call.arguments += called?.arguments ?? '';
      if (called?.arguments) yield { kind: 'progress' };
    }
    if (finish_reason) {
      ended = true;
      const end = settled(() => endOf(finish_reason, refused, calls, tools));
      if ('part' in end) yield end.part;
      else bad ??= end.error;
    }
  }
  if (bad) throw bad;
  if (!ended && isDone()) yield endOf('stop', refused, calls, tools);
}

function settled(end: () => Part): { part: Part } | { error: unknown } {
  try {
    return { part: end() };
  } catch (error) {
    return { error };
  }
}

const toolCall = z.object({
  id: z.string(),
  function: z.object({ name: z.string(), arguments: z.string() }),
});

const completion = z.object({
  usage: z.unknown().optional(),
  choices: z
    .array(
      z.object({
        finish_reason: z.string(),
        message: z.object({
          content: z.string().nullish(),
          refusal: z.string().nullish(),
          tool_calls: z.array(toolCall).nullish(),
        }),
      }),
    )
    .min(1),
});

async function* wholeParts(response: Response, tools: readonly ToolOffer[]): AsyncGenerator<Part> {
  const { choices, usage } = await readWhole(response, completion);
  yield* usageParts(usage);
  const [choice] = choices;
  if (!choice) return;
  const { content, refusal, tool_calls } = choice.message;
  const text = content || refusal;
  const calls = (tool_calls ?? []).map(({ id, function: called }) => ({ id, ...called }));
  const end = endOf(choice.finish_reason, Boolean(refusal), calls, tools);
  if (text) yield { kind: 'text', text };
  yield end;
}

function endOf(
  reason: string,
  refused: boolean,
  calls: readonly ToolCall[],
  tools: readonly ToolOffer[],
): Part {
  const called = calls.filter((call) => call !== undefined);
  if (called.length === 0) return { kind: 'end', ending: endingOf(reason, refused) };
  // Some end with `stop` where they were told which tool to call.
  if (reason !== 'tool_calls' && reason !== 'stop') {
    throw new BadAnswer('malformed', `tool calls ended with finish_reason ${reason}`);
  }
  return { kind: 'end', ending: 'tools', calls: checkedCalls(called, tools) };
}

function endingOf(reason: string, refused: boolean): Ending {
  if (reason === 'content_filter' || (refused && reason === 'stop')) return 'refusal';
  if (reason === 'stop' || reason === 'length') return reason;
  // Tool calls without any, errors dressed as endings, reasons that are not invented yet.
  throw new BadAnswer('malformed', `the answer ended with finish_reason ${reason}`);
}
