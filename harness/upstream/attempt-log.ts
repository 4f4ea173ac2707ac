// What one attempt leaves in the history when its headers go out and when it is over: what was
// sent, when its payload came, and what it costs.
import type { EndEvent, Ending, Recorder } from '../history.ts';
import type { Decision } from './decision.ts';
import type { Delivery } from './delivery.ts';
import { hintMsOf } from './hint-ms.ts';

/** Where a transport reports. */
export interface AttemptLog {
  /** The headers went out. */
  started(): void;
  /**
   * It is over: how, and how many frames were sent. `times` are the ms since the request at which
   * they really went out, where that differs from the plan. Only the first report counts.
   */
  ended(how: Ending, sent: number, times?: readonly number[]): void;
}

export function attemptLog(
  record: Recorder,
  now: () => number,
  start: number,
  attempt: number,
  delivery: Delivery,
  decision: Decision,
  nowEpochMs: number,
): AttemptLog {
  let over = false;
  /** When the headers really went out: sockets are later than planned. */
  let headersAt = start;
  return {
    started() {
      headersAt = now();
      const { hint } = decision.rejection ?? {};
      const rejected = decision.answer === null;
      record({
        e: 'reply',
        t: headersAt,
        attempt,
        status: delivery.kind === 'response' ? delivery.status : 0,
        reason: rejected ? (decision.rejection?.reason ?? null) : null,
        ...(hint && rejected ? { hintMs: hintMsOf(hint, nowEpochMs) } : {}),
        ...(hint?.shouldRetry === undefined ? {} : { shouldRetry: hint.shouldRetry }),
        ...saidIn(decision),
        ...(delivery.kind === 'response' && delivery.timesFrom
          ? { times: delivery.timesFrom }
          : {}),
      });
    },
    ended(how, sent, times) {
      if (over) return;
      over = true;
      const bill = billed(decision, delivery, sent);
      record({
        e: 'end',
        t: now(),
        attempt,
        how,
        ...sentOf(delivery, sent, { start, headersAt, times }),
        inBand:
          decision.answer && inBandSent(delivery, sent)
            ? (decision.rejection?.reason ?? null)
            : null,
        ...bill,
        ...(bill.input + bill.output > 0 ? toldIn(delivery, sent) : {}),
      });
    },
  };
}

/** Which text of the history it is the beginning of, and how many tools that calls. */
function saidIn({ answer: known }: Decision): { text?: string; calls?: number } {
  if (!known || known.vectors) return {};
  const calls = known.answer.toolCalls.length;
  return { text: known.event.id, ...(calls > 0 ? { calls } : {}) };
}

interface Sent {
  marker: boolean;
  first: number | null;
  last: number | null;
  gap: number;
  chars: number;
}

/** The request and its headers, ms since the start of the trial; frames, ms since the request. */
interface When {
  start: number;
  headersAt: number;
  times: readonly number[] | undefined;
}

/** What of a response was sent, and when its payload came. */
function sentOf(delivery: Delivery, sent: number, { start, headersAt, times }: When): Sent {
  const result: Sent = { marker: false, first: null, last: null, gap: 0, chars: 0 };
  if (delivery.kind !== 'response') return result;
  let before = headersAt;
  for (let i = 0; i < sent; i++) {
    const frame = delivery.frames[i];
    if (!frame) break;
    result.marker ||= frame.marker;
    result.chars += frame.chars;
    if (frame.role !== 'payload' && frame.role !== 'whole') continue;
    const sinceRequest = (times ?? delivery.times)[i];
    const at = sinceRequest === undefined ? before : start + sinceRequest;
    result.first ??= at;
    result.last = at;
    result.gap = Math.max(result.gap, at - before);
    before = at;
  }
  return result;
}

function inBandSent(delivery: Delivery, sent: number): boolean {
  if (delivery.kind !== 'response') return false;
  for (let i = 0; i < sent; i++) if (delivery.frames[i]?.role === 'error') return true;
  return false;
}

/** 2xx: the input, and the output that was sent; everything else costs nothing (DESIGN 10). */
function billed(
  decision: Decision,
  delivery: Delivery,
  sent: number,
): { input: number; output: number; estimated: boolean } {
  const { answer } = decision;
  if (!answer || delivery.kind !== 'response' || delivery.headersAtMs === null) {
    return { input: 0, output: 0, estimated: false };
  }
  const { usage } = answer.answer;
  let chars = 0;
  let all = 0;
  delivery.frames.forEach((frame, i) => {
    if (i < sent) chars += frame.chars;
  });
  for (const frame of delivery.frames) all += frame.chars;
  const total = Math.max(answer.answer.text.length, all);
  const whole = total === 0 || chars >= total;
  const output = whole ? usage.output : Math.round((usage.output * chars) / total);
  return { input: usage.input, output, estimated: usage.estimated || !whole };
}

/** Where counts stand: at the end of a body; on some wires those of the input at its beginning. */
const lastFrames = 3;
const firstFrames = 2;

/**
 * Numbers, and not the null that some send in their place. Gemini's total is in every event of a
 * stream, what was spoken in the last one.
 */
const outputCounts =
  /"(?:output_tokens|completion_tokens|prompt_tokens|candidatesTokenCount|thoughtsTokenCount)":\s*\d/;
const inputCounts = /"(?:input_tokens|promptTokenCount)":\s*\d/;

/** What of the counts was sent, where that is not all. */
function toldIn(delivery: Delivery, sent: number): Pick<EndEvent, 'told'> {
  if (delivery.kind !== 'response') return {};
  const { frames } = delivery;
  const has = (from: number, to: number, counts: RegExp): boolean => {
    for (let i = Math.max(0, from); i < Math.min(to, sent); i++) {
      const bytes = frames[i]?.bytes;
      if (bytes === undefined) continue;
      const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      if (counts.test(text.toString('latin1'))) return true;
    }
    return false;
  };
  if (sent === frames.length && has(sent - lastFrames, sent, outputCounts)) return {};
  return { told: has(0, firstFrames, inputCounts) ? 'input' : 'nothing' };
}
