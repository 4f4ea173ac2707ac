// Both providers without an SDK: their requests, their events, and their errors, as they are.
import type { Question } from '../../../harness/api.ts';
import type { Answer, Ending } from './answer.ts';
import { messageBody } from './claude-messages.ts';
import { eventData } from './event-stream.ts';
import { BadAnswer, ErrorInside, HttpError } from './failure.ts';
import { chatBody } from './openai-chat.ts';

export interface Provider {
  name: string;
  url: string;
  headers: Record<string, string | undefined>;
  body(question: Question): object;
  /** What an event adds to the answer. */
  read(event: Event): { text?: string; ending?: Ending; refused?: boolean; over?: boolean };
}

/** As far as the two providers agree with what is read of them. */
type Event = Record<string, unknown> & {
  choices?: {
    delta?: { content?: string; refusal?: string };
    finish_reason?: string | null;
  }[];
  delta?: { text?: string; stop_reason?: string; stop_details?: { explanation?: string } };
};

const endings: Readonly<Record<string, Ending>> = {
  stop: 'stop',
  end_turn: 'stop',
  stop_sequence: 'stop',
  length: 'length',
  max_tokens: 'length',
  content_filter: 'refusal',
  refusal: 'refusal',
};

function endingOf(reason: string | null | undefined): Ending | undefined {
  if (!reason) return undefined;
  const ending = endings[reason];
  if (!ending) throw new BadAnswer('malformed', `the answer ended with ${reason}`);
  return ending;
}

export const openai: Provider = {
  name: 'openai/gpt-4o',
  url: 'https://api.openai.com/v1/chat/completions',
  headers: { authorization: `Bearer ${process.env.OPENAI_API_KEY}` },
  body: (question) => chatBody('gpt-4o', question),
  read({ choices }) {
    const { delta, finish_reason } = choices?.[0] ?? {};
    const ending = endingOf(finish_reason);
    return {
      text: delta?.content || delta?.refusal || '',
      refused: Boolean(delta?.refusal),
      ...(ending && { ending, over: true }),
    };
  },
};

export const anthropic: Provider = {
  name: 'anthropic/claude-3-5-sonnet-latest',
  url: 'https://api.anthropic.com/v1/messages',
  headers: { 'x-api-key': process.env.ANTHROPIC_API_KEY, 'anthropic-version': '2023-06-01' },
  body: (question) => messageBody('claude-3-5-sonnet-latest', question),
  read({ type, delta }) {
    if (type === 'message_stop') return { over: true };
    if (type === 'content_block_delta') return { text: delta?.text ?? '' };
    const ending = type === 'message_delta' ? endingOf(delta?.stop_reason) : undefined;
    return ending ? { ending } : {};
  },
};

export async function* ask(
  { url, headers, body, read }: Provider,
  question: Question,
  signal: AbortSignal,
): AsyncGenerator<string, Answer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' } as Record<string, string>,
    body: JSON.stringify({ ...body(question), stream: true }),
    signal,
  });
  if (!response.ok) throw new HttpError(response, parsed(await response.text()));
  if (!response.body) throw new BadAnswer('empty', 'the response has no body');
  let text = '';
  let ending: Ending = 'stop';
  let refused = false;
  for await (const data of eventData(response.body)) {
    // Chat completions may end so without having named a reason.
    const event = data === '[DONE]' ? null : (JSON.parse(data) as Event);
    if (event?.error) throw new ErrorInside(event.error);
    const said = event ? read(event) : { over: true };
    if (said.text) {
      text += said.text;
      yield said.text;
    }
    refused ||= said.refused ?? false;
    ending = said.ending ?? ending;
    if (said.over) return { text, ending: refused ? 'refusal' : ending, calls: [] };
  }
  throw new BadAnswer('truncated', 'the stream ended without its marker');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
