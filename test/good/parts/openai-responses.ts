// OpenAI's responses: the request for a question, and a reader of the stream that comes back. Its
// failures are events like any other, which the SDK hands on without throwing.
import type OpenAI from 'openai';
import type { Question } from '../../../harness/api.ts';
import type { Answer } from './answer.ts';
import { BadAnswer, ErrorInside } from './failure.ts';

type Body = OpenAI.Responses.ResponseCreateParamsStreaming;

export function responseBody(model: string, { system, prompt, schema }: Question): Body {
  return {
    model,
    ...(system !== null && { instructions: system }),
    input: prompt,
    max_output_tokens: 1024,
    ...(isRecord(schema) && {
      text: { format: { type: 'json_schema', name: 'answer', schema } },
    }),
    stream: true,
  };
}

/** Text as it comes; returns the whole answer. */
export async function* readResponse(
  events: AsyncIterable<OpenAI.Responses.ResponseStreamEvent>,
): AsyncGenerator<string, Answer> {
  let text = '';
  let refused = false;
  let ending: Answer['ending'] | null = null;
  try {
    for await (const event of events) {
      switch (event.type) {
        case 'response.output_text.delta':
        case 'response.refusal.delta':
          refused ||= event.type === 'response.refusal.delta';
          text += event.delta;
          if (event.delta) yield event.delta;
          break;
        case 'response.completed':
          ending = refused ? 'refusal' : 'stop';
          break;
        case 'response.incomplete': {
          const reason = event.response.incomplete_details?.reason;
          ending = reason === 'content_filter' ? 'refusal' : 'length';
          break;
        }
        case 'response.failed':
          throw new ErrorInside(event.response.error);
        case 'error':
          throw new ErrorInside(event);
        default:
        // Progress, reasoning, and summaries of what was said already.
      }
    }
  } catch (error) {
    // What goes wrong behind the marker takes nothing away from the answer.
    if (ending === null) throw error;
  }
  if (ending === null) throw new BadAnswer('truncated', 'the stream ended without its last event');
  return { text, ending, calls: [] };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
