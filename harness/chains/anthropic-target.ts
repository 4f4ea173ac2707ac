// One attempt over Anthropic's messages. No sampling parameters: the API version that the SDK asks
// for refuses them all.
import Anthropic from '@anthropic-ai/sdk';
import { z } from 'zod';
import { BadAnswer } from './attempt-error.ts';
import type { ClientOptions, Ending, Part, Target, TargetRequest } from './target.ts';
import { turnsOf } from './target.ts';
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
        yield* wholeParts(response);
        return;
      }
      const sent = client.messages.create({ ...body, stream: true }, { signal });
      const response = await sent.asResponse();
      yield { kind: 'headers' };
      if (isEventStream(response)) yield* streamParts(await sent);
      else yield* wholeParts(response);
    },
  };
}

function bodyOf(model: string, request: TargetRequest): Anthropic.MessageCreateParamsNonStreaming {
  const { system, schema, maxTokens } = request;
  return {
    model,
    max_tokens: maxTokens,
    ...(system === null ? {} : { system }),
    messages: turnsOf(request),
    ...(schema === null ? {} : { output_config: { format: { type: 'json_schema', schema } } }),
  };
}

async function* streamParts(
  events: AsyncIterable<Anthropic.RawMessageStreamEvent>,
): AsyncGenerator<Part> {
  let reason: string = 'end_turn';
  let told = false;
  for await (const event of events) {
    switch (event.type) {
      case 'content_block_delta':
        if (event.delta.type !== 'text_delta' || !event.delta.text) break;
        told = true;
        yield { kind: 'text', text: event.delta.text };
        break;
      case 'message_delta': {
        reason = event.delta.stop_reason ?? reason;
        const why = event.delta.stop_details?.explanation;
        if (reason === 'refusal' && !told && why) yield { kind: 'text', text: why };
        break;
      }
      case 'message_stop':
        yield { kind: 'end', ending: endingOf(reason) };
        break;
      default:
      // The frame around the text.
    }
  }
}

const message = z.object({
  stop_reason: z.string(),
  stop_details: z.object({ explanation: z.string().nullish() }).nullish(),
  content: z.array(z.object({ type: z.string(), text: z.string().nullish() })),
});

async function* wholeParts(response: Response): AsyncGenerator<Part> {
  const answer = await readWhole(response, message);
  const said = answer.content.map((block) => (block.type === 'text' ? block.text : '')).join('');
  const ending = endingOf(answer.stop_reason);
  const text = said || (ending === 'refusal' ? answer.stop_details?.explanation : '');
  if (text) yield { kind: 'text', text };
  yield { kind: 'end', ending };
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
      // Tool calls that nobody asked for, and reasons that are not invented yet.
      throw new BadAnswer('malformed', `the answer ended with stop_reason ${reason}`);
  }
}
