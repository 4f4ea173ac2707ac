// A captured exchange as a recording of exact bytes, masked; or of its text alone, where what is to
// be masked is spread over the events of a stream, or written with escapes.
import { exactAnswer } from '../upstream/exact-answer.ts';
import type { ExactRecording, Recording } from '../upstream/recording.ts';
import { storedBody } from '../upstream/recording.ts';
import type { Captured } from './capture.ts';
import { joinedPieces, unescapedTexts } from './joined-pieces.ts';
import { recordingDigest } from './recording-digest.ts';
import type { Redaction } from './redaction.ts';

/** What a recording says beside its bytes. */
export type RecordingOf = Pick<
  ExactRecording,
  'sample' | 'target' | 'date' | 'source' | 'turn' | 'asked'
>;

/** `redaction` has learnt what is to be masked. */
export function exactRecording(
  of: RecordingOf,
  wire: ExactRecording['wire'],
  { status, headers, headersMs, body, chunks, request }: Captured,
  redaction: Redaction,
): ExactRecording {
  const exact: ExactRecording = {
    kind: 'recorded',
    ...of,
    ...(of.source === undefined ? {} : { source: redaction.text(of.source) }),
    wire,
    exchange: {
      status,
      headers: redaction.headers(headers, request.headers),
      ...(headersMs === null ? {} : { headersMs }),
      body: storedBody(redaction.bytes(body)),
      ...(chunks === null ? {} : { chunks }),
    },
  };
  return { ...exact, digest: recordingDigest(exact) };
}

/** Said of an exchange that cannot be kept. */
export function whyNotKept(status: number): string {
  return !isServable(status)
    ? `the status ${status}, which no recording can have`
    : 'what is to be masked is spread over the events of its error, or escaped in it';
}

/** Proxies answer with others (999, or 0 in a HAR of what failed): no Response can have them. */
function isServable(status: number): boolean {
  return status >= 200 && status <= 599;
}

/**
 * The recording itself; its text, where what is to be masked is spread over the events of a stream
 * or written with escapes; null where that has no text either, or its status could not be served.
 */
export function cleanRecording(exact: ExactRecording, redaction: Redaction): Recording | null {
  if (!isServable(exact.exchange.status)) return null;
  const read = [...joinedPieces(exact), ...unescapedTexts(exact)];
  const isClean = read.every((text) => redaction.text(text) === text);
  if (isClean) return exact;
  const said = exactAnswer(exact).said;
  if (!said) return null;
  const calls = said.toolCalls.map(({ name, arguments: given }) => {
    return { name, arguments: redaction.text(given) };
  });
  const { wire: _wire, exchange: _exchange, digest: _digest, ...common } = exact;
  return {
    ...common,
    kind: 'recorded-text',
    text: redaction.text(said.text),
    finish: said.finish === 'tool-calls' ? 'stop' : said.finish,
    ...(calls.length > 0 ? { toolCalls: calls } : {}),
    usage: { input: said.usage.input, output: said.usage.output },
  };
}
