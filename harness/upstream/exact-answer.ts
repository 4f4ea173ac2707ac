// A recorded exchange as it is served: its bytes in frames, its answer or its error. Bytes are
// never written anew; reading them only tells what they say.
import type { Rejection } from '../faults/rejection.ts';
import { parsed } from '../parsed-json.ts';
import { wires } from '../wires/index.ts';
import { record, text } from '../wires/json.ts';
import { joined, parseSse, sseFrames } from '../wires/sse.ts';
import type { Answer, Frame } from '../wires/wire.ts';
import type { WireName } from '../wires/wire-name.ts';
import { recordedFailure } from './recorded-failure.ts';
import type { RecordedSpan } from './recorded-times.ts';
import { spanOf, withRecordedTimes } from './recorded-times.ts';
import type { ExactRecording } from './recording.ts';
import { bodyOf } from './recording.ts';

/** A recorded response whose bytes are served as they are. */
export interface ExactReply {
  wire: WireName;
  status: number;
  headers: [name: string, value: string][];
  frames: Frame[];
  sse: boolean;
  /** From the request to the headers, ms, where that was recorded. */
  headersMs?: number;
}

/** Headers that described the body on the wire, not the decompressed one that is served. */
const ofTheWire = new Set([
  'content-encoding',
  'content-length',
  'transfer-encoding',
  'connection',
  'keep-alive',
]);

/** What a recording of exact bytes is: an answer, an error, or an answer that breaks off. */
export interface ExactAnswer {
  exact: ExactReply;
  failure: Rejection | null;
  /** Of a stream that fails half-way: what it said until then. */
  said: Omit<Answer, 'id'> | null;
  /** When a stream began to speak and how long it did, where that was recorded. */
  span: RecordedSpan | null;
}

export function exactAnswer(recording: ExactRecording): ExactAnswer {
  const { exchange, wire } = recording;
  const { status, headersMs } = exchange;
  const headers = exchange.headers.filter(([name]) => !ofTheWire.has(name.toLowerCase()));
  const type = headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? null;
  const bytes = bodyOf(recording);
  const body = new TextDecoder().decode(bytes);
  // A recorder may have kept no headers; and some providers call an error body an event stream.
  const events =
    type?.toLowerCase().includes('text/event-stream') ?? /^(?:data|event|id|):/.test(body);
  const sse = events && status < 400;
  const read = status < 400 ? wires[wire].read(body, sse) : null;
  const failure = read ? null : recordedFailure({ status, headers, body, sse });
  const whole = sse ? sseFrames(bytes, wires[wire]) : wholeFrames(bytes, read, failure);
  const frames = withRecordedTimes(whole, exchange.chunks);
  const timed = headersMs === undefined ? {} : { headersMs };
  const exact: ExactReply = { wire, status, headers, sse, frames, ...timed };
  const said = read ?? (sse ? begunIn(frames, wire) : null);
  const span = spanOf(exact, `${said?.reasoning ?? ''}${said?.refusal ?? said?.text ?? ''}`);
  return { exact, failure, said, span };
}

/** A body at once carries its own end. */
function wholeFrames(
  bytes: Uint8Array,
  read: Omit<Answer, 'id'> | null,
  failure: Rejection | null,
): Frame[] {
  if (bytes.length === 0) return [];
  const role = failure ? 'error' : 'whole';
  return [{ bytes, role, chars: read?.text.length ?? 0, marker: read !== null }];
}

/** What ends a stream of each wire, where one event is enough. */
const endings: Readonly<Partial<Record<WireName, string>>> = {
  'openai-chat': 'data: [DONE]\n\n',
  'anthropic-messages': 'event: message_stop\ndata: {"type":"message_stop"}\n\n',
  gemini: 'data: {"candidates":[{"finishReason":"STOP"}]}\r\n\r\n',
};

/** A stream whose last word has come, and what ends it: to be read before it is over. */
export function completed(body: Uint8Array, wire: WireName): Uint8Array {
  const ending = endings[wire];
  if (ending === undefined) return body;
  const text = new TextDecoder().decode(body);
  if (!/^(?:data|event|id|:)/.test(text) || wires[wire].read(text, true)) return body;
  return joined([body, new TextEncoder().encode(ending)]);
}

/** The text of the first whole events of a stream, however it went on. */
export function beginningOf(body: Uint8Array, wire: WireName): string {
  const events = new TextDecoder().decode(body);
  const read = wires[wire].read(events + (endings[wire] ?? ''), true);
  if (read) return read.refusal ?? read.text;
  // A stream of responses says all of it again in its last event, and nothing before it whole.
  return parseSse(events)
    .map(({ data }) => record(parsed(data)))
    .map((members) => (spokenTypes.has(text(members?.type)) ? text(members?.delta) : ''))
    .join('');
}

const spokenTypes = new Set(['response.output_text.delta', 'response.refusal.delta']);

function begunIn(frames: readonly Frame[], wire: WireName): Omit<Answer, 'id'> | null {
  const stop = frames.findIndex(({ role }) => role === 'error');
  if (stop < 0) return null;
  const begun = joined(frames.slice(0, stop).map(({ bytes }) => bytes));
  return wires[wire].read(new TextDecoder().decode(begun) + (endings[wire] ?? ''), true);
}
