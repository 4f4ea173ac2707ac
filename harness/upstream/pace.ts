// When the headers and the frames of a response go out: at recorded times where they are known,
// else at the pace of the target, which is an assumption or somebody's measurement.
import type { Frame, Reply } from '../wires/wire.ts';
import type { KnownAnswer } from './answer-book.ts';
import type { RecordedSpan, Replaying, Timed, TimesFrom } from './recorded-times.ts';
import { isSpoken, recordedTimes, slowedStream, slowedWhole } from './recorded-times.ts';
import type { Fired } from './schedule.ts';

/** How fast a target answers when nothing is wrong. Times in ms. */
export interface Pace {
  /** From the request to the first payload. */
  ttftMs: number;
  tokensPerSecond: number;
  /** From the first token to the last, where that is fixed. */
  streamMs?: number;
  /** From the request to the headers of a rejection, or to a broken connection. */
  rejectMs: number;
  /** Absent: recorded times are not used. */
  replaying?: Replaying & {
    /** Before anything slows it: it tells how much of a body's time is that to its first word. */
    assumed: Pick<Pace, 'ttftMs' | 'tokensPerSecond'>;
  };
  /** Where the pace itself is a recording's; absent: the target's. */
  from?: TimesFrom;
}

/** The part of the time to the first token after which the headers are there: an assumption. */
const headersShare = 0.5;

/** `factor` times the recorded times, wherever there are any. */
export function replaying(pace: Pace, factor: number): Pace {
  const { ttftMs, tokensPerSecond } = pace;
  return { ...pace, replaying: { factor, slowing: [], assumed: { ttftMs, tokensPerSecond } } };
}

/** Frames that are not as recorded come as fast as those that were, where that is known. */
export function paceOf(pace: Pace, reply: Reply, answer: KnownAnswer | null): Pace {
  const { span } = answer ?? {};
  const isAnswer = reply.frames.some((frame) => frame.role === 'whole' || isSpoken(frame));
  if (!pace.replaying || !span || !isAnswer || reply.headersMs !== undefined) return pace;
  const isChanged = answer?.event.kind === 'altered' || answer?.event.kind === 'continuation';
  return atRecordedSpeed(pace, span, pace.replaying.factor, isChanged);
}

/** What is said in other words lasts as long as it has words. */
function atRecordedSpeed(pace: Pace, span: RecordedSpan, factor: number, isChanged: boolean): Pace {
  return {
    ...pace,
    ttftMs: Math.round(span.ttftMs * factor),
    tokensPerSecond: span.tokensPerSecond / factor,
    ...(isChanged ? {} : { streamMs: span.lastingMs * factor }),
    from: 'recorded-speed',
  };
}

/** The pace after every effect that slows it, in file order. */
export function paced(pace: Pace, fired: readonly Fired[]): Pace {
  let result = pace;
  for (const { effect } of fired) {
    if (effect.kind !== 'pace') continue;
    const { streamMs: before, ...rest } = result;
    // A speed takes the place of a recorded length, and never of one that another rule has set.
    const isRecorded = before === pace.streamMs && effect.tokensPerSecond !== undefined;
    const streamMs = effect.streamMs ?? (isRecorded ? undefined : before);
    result = {
      ...rest,
      ttftMs: effect.ttftMs ?? Math.round(result.ttftMs * (effect.ttftFactor ?? 1)),
      tokensPerSecond: effect.tokensPerSecond ?? result.tokensPerSecond,
      ...(streamMs === undefined ? {} : { streamMs }),
      ...(result.replaying
        ? { replaying: { ...result.replaying, slowing: [...result.replaying.slowing, effect] } }
        : {}),
    };
  }
  return result;
}

type Given = Timed & { from?: TimesFrom };

/** Whole ms since the request. */
export function timesOf(reply: Reply, pace: Pace): Given {
  const known = pace.replaying ? recordedTimes(reply, pace.replaying) : null;
  if (!known || !pace.replaying) {
    const timed = reply.sse ? streamTimes(reply.frames, pace) : wholeTimes(reply, pace);
    return { ...timed, ...(pace.from ? { from: pace.from } : {}) };
  }
  const { slowing, assumed } = pace.replaying;
  if (slowing.length === 0) return rounded(known);
  if (reply.sse) return rounded(slowedStream(known, reply.frames, slowing));
  const tokens = tokensIn(reply);
  const share = assumed.ttftMs / (assumed.ttftMs + (tokens * 1000) / assumed.tokensPerSecond);
  return rounded(slowedWhole(known, share, tokens, slowing));
}

/** Of a rejection: its headers and its body, which may be late. Nothing slows it. */
export function rejectionTimes(reply: Reply, pace: Pace, silenceMs: number): Given {
  const known = pace.replaying ? recordedTimes(reply, pace.replaying) : null;
  if (known) return rounded(known);
  const bodyAtMs = pace.rejectMs + silenceMs;
  return { headersAtMs: pace.rejectMs, times: reply.frames.map(() => bodyAtMs) };
}

function rounded({ headersAtMs, times }: Timed): Given {
  return { headersAtMs: Math.round(headersAtMs), times: times.map(Math.round), from: 'recorded' };
}

function streamTimes(frames: readonly Frame[], pace: Pace): Timed {
  const headersAtMs = Math.round(pace.ttftMs * headersShare);
  const times: number[] = new Array(frames.length);
  const gapMs = gapOf(frames, pace);
  let spoken = 0;
  let at = headersAtMs;
  for (let i = 0; i < frames.length; i++) {
    if (isSpoken(frames[i])) at = pace.ttftMs + Math.round(spoken++ * gapMs);
    times[i] = at;
  }
  return { headersAtMs, times };
}

function gapOf(frames: readonly Frame[], { tokensPerSecond, streamMs }: Pace): number {
  if (streamMs === undefined) return 1000 / tokensPerSecond;
  return streamMs / Math.max(1, frames.filter(isSpoken).length - 1);
}

/** A body at once comes when the last token would have come; its headers come with it. */
function wholeTimes(reply: Reply, pace: Pace): Timed {
  const speakMs = pace.streamMs ?? (tokensIn(reply) * 1000) / pace.tokensPerSecond;
  const at = pace.ttftMs + Math.round(speakMs);
  return { headersAtMs: at, times: reply.frames.map(() => at) };
}

function tokensIn({ status, frames }: Reply): number {
  const chars = frames.reduce((sum, frame) => sum + frame.chars, 0);
  return status === 200 ? Math.ceil(chars / 4) : 0;
}
