// One attempt over OpenAI's responses API. Its streams report failure as an event like any other,
// which the SDK hands on without throwing.
import type OpenAI from 'openai';
import { z } from 'zod';
import { BadAnswer, InBandError } from './attempt-error.ts';
import { openAiClient } from './openai-client.ts';
import type { ClientOptions, Ending, Part, Target, TargetRequest } from './target.ts';
import { turnsOf } from './target.ts';
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
        yield* wholeParts(response);
        return;
      }
      const sent = client.responses.create({ ...body, stream: true }, { signal });
      const response = await sent.asResponse();
      yield { kind: 'headers' };
      if (isEventStream(response)) yield* streamParts(await sent);
      else yield* wholeParts(response);
    },
  };
}

function bodyOf(
  model: string,
  request: TargetRequest,
): OpenAI.Responses.ResponseCreateParamsNonStreaming {
  const { system, schema, maxTokens } = request;
  return {
    model,
    ...(system === null ? {} : { instructions: system }),
    input: turnsOf(request),
    max_output_tokens: maxTokens,
    ...(schema === null
      ? {}
      : { text: { format: { type: 'json_schema', name: 'answer', schema } } }),
  };
}

async function* streamParts(
  events: AsyncIterable<OpenAI.Responses.ResponseStreamEvent>,
): AsyncGenerator<Part> {
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
      case 'response.completed':
      case 'response.incomplete':
        yield { kind: 'end', ending: endingOf(event.response, refused) };
        break;
      case 'response.failed':
        throw new InBandError(event.response.error);
      default:
      // Progress, reasoning and summaries of what was said already.
    }
  }
}

const response = z.object({
  status: z.string().nullish(),
  error: z.object({ code: z.string(), message: z.string() }).nullish(),
  incomplete_details: z.object({ reason: z.string().nullish() }).nullish(),
  output: z.array(
    z.object({
      type: z.string(),
      content: z
        .array(z.object({ text: z.string().nullish(), refusal: z.string().nullish() }))
        .nullish(),
    }),
  ),
});

async function* wholeParts(from: Response): AsyncGenerator<Part> {
  const answer = await readWhole(from, response);
  const content = answer.output
    .filter((item) => item.type === 'message')
    .flatMap((item) => item.content ?? []);
  const text = content.map((part) => part.text ?? part.refusal ?? '').join('');
  const refused = content.some((part) => Boolean(part.refusal));
  const ending = endingOf(answer, refused);
  if (text) yield { kind: 'text', text };
  yield { kind: 'end', ending };
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
