// One attempt over Anthropic's messages. No sampling parameters: the API version that the SDK asks
// for refuses them all.
import Anthropic from '@anthropic-ai/sdk';
import { z } from 'zod';
import { BadAnswer } from './attempt-error.ts';
import type { ClientOptions, Ending, Part, Target, TargetRequest, Usage } from './target.ts';
import { turnsOf } from './target.ts';
import type { ToolCall, ToolOffer, ToolTurn } from './tool-call.ts';
import { argumentsOf, checkedCalls } from './tool-call.ts';
import { usageIn, usageParts } from './usage.ts';
import { isEventStream, readWhole } from './whole-body.ts';

export function anthropicTarget(name: string, model: string, options: ClientOptions): Target {
  const { apiKey, baseURL, fetch, timeoutMs } = options;
  const client = new Anthropic({
    apiKey,
    // Else a token of the environment would go along.
    authToken: null,
    baseURL,
    fetch,
    timeout: timeoutMs,
    // The chain retries; two layers that do so multiply.
    maxRetries: 0,
    logLevel: 'off',
  });
  return {
    name,
    credential: apiKey,
    async *ask(request, signal) {
      const body = bodyOf(model, request);
      if (!request.stream) {
        const response = await client.messages.create(body, { signal }).asResponse();
        yield { kind: 'headers' };
        yield* wholeParts(response, request.tools);
        return;
      }
      const sent = client.messages.create({ ...body, stream: true }, { signal });
      const response = await sent.asResponse();
      yield { kind: 'headers' };
      if (isEventStream(response)) yield* streamParts(await sent, request.tools);
      else yield* wholeParts(response, request.tools);
    },
  };
}

function bodyOf(model: string, request: TargetRequest): Anthropic.MessageCreateParamsNonStreaming {
  const { system, schema, maxTokens, tools } = request;
  return {
    model,
    max_tokens: maxTokens,
    ...(system === null ? {} : { system }),
    messages: turnsOf(request, toolMessages),
    ...(tools.length === 0
      ? {}
      : {
          tools: tools.map(({ name, description, parameters }) => ({
            name,
            description,
            input_schema: { ...parameters, type: 'object' },
          })),
        }),
    ...(schema === null ? {} : { output_config: { format: { type: 'json_schema', schema } } }),
  };
}

function toolMessages({ text, results }: ToolTurn): Anthropic.MessageParam[] {
  return [
    {
      role: 'assistant',
      content: [
        // Blank text is refused.
        ...(text.trim() === '' ? [] : [{ type: 'text', text } as const]),
        ...results.map((call): Anthropic.ToolUseBlockParam => {
          return { type: 'tool_use', id: call.id, name: call.name, input: argumentsOf(call) };
        }),
      ],
    },
    {
      role: 'user',
      content: results.map(({ id, result, failed }): Anthropic.ToolResultBlockParam => {
        const told = { type: 'tool_result', tool_use_id: id, content: result } as const;
        return failed ? { ...told, is_error: true } : told;
      }),
    },
  ];
}

async function* streamParts(
  events: AsyncIterable<Anthropic.RawMessageStreamEvent>,
  tools: readonly ToolOffer[],
): AsyncGenerator<Part> {
  const calls = new Map<number, ToolCall & { closed: boolean }>();
  let reason: string = 'end_turn';
  let told = false;
  let usage: Usage | null = null;
  for await (const event of events) {
    switch (event.type) {
      case 'message_start':
        usage = usageIn(event.message.usage);
        if (usage) yield { kind: 'usage', usage };
        break;
      case 'content_block_start': {
        const { content_block: block, index } = event;
        if (block.type !== 'tool_use') break;
        calls.set(index, { id: block.id, name: block.name, arguments: '', closed: false });
        break;
      }
      case 'content_block_stop': {
        const call = calls.get(event.index);
        if (call) call.closed = true;
        break;
      }
      case 'content_block_delta':
        if (event.delta.type === 'input_json_delta') {
          const call = calls.get(event.index);
          if (call) call.arguments += event.delta.partial_json;
          if (event.delta.partial_json) yield { kind: 'progress' };
        }
        if (event.delta.type !== 'text_delta' || !event.delta.text) break;
        told = true;
        yield { kind: 'text', text: event.delta.text };
        break;
      case 'message_delta': {
        reason = event.delta.stop_reason ?? reason;
        usage = usageIn(event.usage, usage);
        if (usage) yield { kind: 'usage', usage };
        const why = event.delta.stop_details?.explanation;
        if (reason === 'refusal' && !told && why) yield { kind: 'text', text: why };
        break;
      }
      case 'message_stop':
        yield endOf(reason, [...calls.values()], tools);
        break;
      default:
      // The frame around the text.
    }
  }
}

const message = z.object({
  usage: z.unknown().optional(),
  stop_reason: z.string(),
  stop_details: z.object({ explanation: z.string().nullish() }).nullish(),
  content: z.array(
    z.object({
      type: z.string(),
      text: z.string().nullish(),
      id: z.string().nullish(),
      name: z.string().nullish(),
      input: z.unknown().optional(),
    }),
  ),
});

async function* wholeParts(response: Response, tools: readonly ToolOffer[]): AsyncGenerator<Part> {
  const answer = await readWhole(response, message);
  yield* usageParts(answer.usage);
  const said = answer.content.map((block) => (block.type === 'text' ? block.text : '')).join('');
  const calls = answer.content
    .filter(({ type }) => type === 'tool_use')
    .map(({ id, name, input }) => {
      const given = JSON.stringify(input ?? {});
      return { id: id ?? '', name: name ?? '', arguments: given, closed: true };
    });
  const end = endOf(answer.stop_reason, calls, tools);
  const refused = answer.stop_reason === 'refusal';
  const text = said || (refused ? answer.stop_details?.explanation : '');
  if (text) yield { kind: 'text', text };
  yield end;
}

function endOf(
  reason: string,
  calls: readonly (ToolCall & { closed: boolean })[],
  tools: readonly ToolOffer[],
): Part {
  if (calls.length === 0) return { kind: 'end', ending: endingOf(reason) };
  if (reason !== 'tool_use') {
    throw new BadAnswer('malformed', `tool calls ended with stop_reason ${reason}`);
  }
  if (!calls.every(({ closed }) => closed)) {
    throw new BadAnswer('truncated', 'a tool call has no end');
  }
  // Of a tool that needs nothing no arguments are sent.
  const whole = calls.map(({ id, name, arguments: given }) => {
    return { id, name, arguments: given || '{}' };
  });
  return { kind: 'end', ending: 'tools', calls: checkedCalls(whole, tools) };
}

function endingOf(reason: string): Ending {
  switch (reason) {
    case 'end_turn':
    case 'stop_sequence':
      return 'stop';
    case 'max_tokens':
    case 'model_context_window_exceeded':
      return 'length';
    case 'refusal':
      return 'refusal';
    default:
      // Tool calls without any, and reasons that are not invented yet.
      throw new BadAnswer('malformed', `the answer ended with stop_reason ${reason}`);
  }
}
