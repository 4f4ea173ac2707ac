// One attempt over OpenAI's responses API. Its streams report failure as an event like any other,
// which the SDK hands on without throwing.
import type OpenAI from 'openai';
import { z } from 'zod';
import { BadAnswer, InBandError } from './attempt-error.ts';
import { openAiClient } from './openai-client.ts';
import type { ClientOptions, Ending, Part, Target, TargetRequest } from './target.ts';
import { turnsOf } from './target.ts';
import type { ToolCall, ToolOffer, ToolTurn } from './tool-call.ts';
import { checkedCalls } from './tool-call.ts';
import { usageParts } from './usage.ts';
import { isEventStream, readWhole } from './whole-body.ts';

export function openAiResponsesTarget(name: string, model: string, options: ClientOptions): Target {
  const client = openAiClient(options);
  return {
    name,
    credential: options.apiKey,
    async *ask(request, signal) {
      const body = bodyOf(model, request);
      if (!request.stream) {
        const response = await client.responses.create(body, { signal }).asResponse();
        yield { kind: 'headers' };
        yield* wholeParts(response, request.tools);
        return;
      }
      const sent = client.responses.create({ ...body, stream: true }, { signal });
      const response = await sent.asResponse();
      yield { kind: 'headers' };
      if (isEventStream(response)) yield* streamParts(await sent, request.tools);
      else yield* wholeParts(response, request.tools);
    },
  };
}

function bodyOf(
  model: string,
  request: TargetRequest,
): OpenAI.Responses.ResponseCreateParamsNonStreaming {
  const { system, schema, maxTokens, tools } = request;
  return {
    model,
    ...(system === null ? {} : { instructions: system }),
    input: turnsOf(request, toolItems),
    ...(tools.length === 0
      ? {}
      : {
          tools: tools.map(({ name, description, parameters }) => ({
            type: 'function',
            name,
            description,
            parameters,
            strict: false,
          })),
        }),
    max_output_tokens: maxTokens,
    ...(schema === null
      ? {}
      : { text: { format: { type: 'json_schema', name: 'answer', schema } } }),
  };
}

function toolItems({ text, results }: ToolTurn): OpenAI.Responses.ResponseInputItem[] {
  return [
    ...(text === '' ? [] : [{ role: 'assistant', content: text } as const]),
    ...results.map(({ id, name, arguments: given }): OpenAI.Responses.ResponseInputItem => {
      return { type: 'function_call', call_id: id, name, arguments: given };
    }),
    ...results.map(({ id, result }): OpenAI.Responses.ResponseInputItem => {
      return { type: 'function_call_output', call_id: id, output: result };
    }),
  ];
}

async function* streamParts(
  events: AsyncIterable<OpenAI.Responses.ResponseStreamEvent>,
  tools: readonly ToolOffer[],
): AsyncGenerator<Part> {
  const calls = new Map<number, ToolCall | null>();
  let refused = false;
  for await (const event of events) {
    switch (event.type) {
      case 'response.refusal.delta':
        refused = true;
        if (event.delta) yield { kind: 'text', text: event.delta };
        break;
      case 'response.output_text.delta':
        if (event.delta) yield { kind: 'text', text: event.delta };
        break;
      case 'response.output_item.added':
        if (event.item.type === 'function_call') calls.set(event.output_index, null);
        break;
      case 'response.function_call_arguments.delta':
        if (event.delta) yield { kind: 'progress' };
        break;
      case 'response.output_item.done':
        if (event.item.type === 'function_call') calls.set(event.output_index, callOf(event.item));
        break;
      case 'response.completed':
      case 'response.incomplete':
        yield* usageParts(event.response.usage);
        yield endOf(event.response, refused, [...calls.values()], tools);
        break;
      case 'response.failed':
        yield* usageParts(event.response.usage);
        throw new InBandError(event.response.error);
      default:
      // Progress, reasoning and summaries of what was said already.
    }
  }
}

const response = z.object({
  usage: z.unknown().optional(),
  status: z.string().nullish(),
  error: z.object({ code: z.string(), message: z.string() }).nullish(),
  incomplete_details: z.object({ reason: z.string().nullish() }).nullish(),
  output: z.array(
    z.object({
      type: z.string(),
      call_id: z.string().nullish(),
      name: z.string().nullish(),
      arguments: z.string().nullish(),
      content: z
        .array(z.object({ text: z.string().nullish(), refusal: z.string().nullish() }))
        .nullish(),
    }),
  ),
});

async function* wholeParts(from: Response, tools: readonly ToolOffer[]): AsyncGenerator<Part> {
  const answer = await readWhole(from, response);
  yield* usageParts(answer.usage);
  const content = answer.output
    .filter((item) => item.type === 'message')
    .flatMap((item) => item.content ?? []);
  const text = content.map((part) => part.text ?? part.refusal ?? '').join('');
  const refused = content.some((part) => Boolean(part.refusal));
  const calls = answer.output.filter((item) => item.type === 'function_call').map(callOf);
  const end = endOf(answer, refused, calls, tools);
  if (text) yield { kind: 'text', text };
  yield end;
}

interface CallItem {
  call_id?: string | null | undefined;
  name?: string | null | undefined;
  arguments?: string | null | undefined;
}

function callOf(item: CallItem): ToolCall {
  return { id: item.call_id ?? '', name: item.name ?? '', arguments: item.arguments ?? '' };
}

/** `calls`: null for one that was begun and has no end, whatever the last event says. */
function endOf(
  answer: Outcome,
  refused: boolean,
  calls: readonly (ToolCall | null)[],
  tools: readonly ToolOffer[],
): Part {
  const ending = endingOf(answer, refused);
  if (calls.length === 0) return { kind: 'end', ending };
  const whole = calls.filter((call) => call !== null);
  if (whole.length < calls.length || ending === 'length') {
    throw new BadAnswer('truncated', 'a tool call has no end');
  }
  return { kind: 'end', ending: 'tools', calls: checkedCalls(whole, tools) };
}

type Outcome = Pick<OpenAI.Responses.Response, 'status'> | z.infer<typeof response>;

function endingOf(answer: Outcome, refused: boolean): Ending {
  if (answer.status === 'completed') return refused ? 'refusal' : 'stop';
  if (answer.status === 'incomplete') {
    const details = 'incomplete_details' in answer ? answer.incomplete_details : null;
    return details?.reason === 'content_filter' ? 'refusal' : 'length';
  }
  throw new BadAnswer('malformed', `the answer ended with status ${answer.status}`);
}
