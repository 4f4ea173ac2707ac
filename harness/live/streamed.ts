// A stream on its way to the client, event by event. A fault takes place where what stands behind
// its place has come; until then everything passes as it came.
import type { CutHow, Effect, TerminalEffect } from '../faults/effect.ts';
import { isTerminal } from '../faults/effect.ts';
import { rechunked } from '../upstream/compose.ts';
import type { Step } from '../upstream/live.ts';
import type { Frame } from '../wires/wire.ts';
import type { Forwarded } from './forward.ts';
import { unheardAnswer } from './heard.ts';
import { framesOf, placeIn } from './live-frames.ts';
import { Pacing } from './pacing.ts';
import type { Way } from './way.ts';

/** A reset overtakes bytes that its receiver has not read yet: so much time they get, ms. */
const graceMs = 10;

type Steps<Result = void> = AsyncGenerator<Step, Result>;

export async function* streamed(attempt: Way, opened: Forwarded): Steps {
  const { passing, place, of, decision } = attempt;
  const effects = passing.fired.map(({ effect }) => effect);
  const typical = of.typical(passing.target);
  const pacing = new Pacing(effects, typical);
  for (const one of effects) if (!isTerminal(one) && one.kind !== 'unread') attempt.met(one);
  let left = effects.find(isTerminal) ?? null;
  if (left?.kind === 'stall' && left.at.at === 'headers') {
    attempt.met(left);
    await attempt.pause(left.forMs ?? 0);
    left = null;
  }
  decision.answer = unheardAnswer(passing, place.attempt);
  yield attempt.head(opened, true, [['transfer-encoding', 'chunked']]);
  const seen: Frame[] = [];
  for await (const frame of framesOf(opened.body, passing.wire)) {
    if (attempt.isOver) return;
    await attempt.pause(pacing.dueMs(frame, attempt.elapsedMs()) - attempt.elapsedMs());
    const at = left && 'at' in left ? left.at : null;
    if (left && at) seen.push(frame);
    const found = left && at ? placeIn(seen, at, typical) : null;
    if (!left || !found) {
      yield* attempt.send(inReads(frame, effects));
      continue;
    }
    const here = found.frames.slice(seen.length - 1, found.index);
    yield* attempt.send(here);
    const before = found.frames.slice(0, found.index);
    if (!(yield* disturbed(attempt, left, before, here.length > 0))) return;
    left = null;
    yield* attempt.send(found.frames.slice(found.index));
  }
  const met = left;
  if (met) place.takeBack(passing.fired.filter(({ effect }) => effect === met));
  yield { do: 'end', how: 'complete' };
}

/** At its place. `isFresh`: something was sent right now. False where nothing follows. */
async function* disturbed(
  attempt: Way,
  effect: TerminalEffect,
  before: readonly Frame[],
  isFresh: boolean,
): Steps<boolean> {
  attempt.met(effect);
  switch (effect.kind) {
    case 'cut':
      yield* cut(attempt, effect.how, isFresh);
      return false;
    case 'error-event': {
      const { rejection, form } = effect;
      const { wire, asked } = attempt.passing;
      attempt.decision.rejection = rejection;
      yield* attempt.send(wire.errorFrames(rejection, asked, attempt.place.stamp, before, form));
      yield { do: 'end', how: 'complete' };
      return false;
    }
    case 'stall':
      return yield* stalled(attempt, effect, before);
    default:
      return true;
  }
}

async function* stalled(
  attempt: Way,
  { forMs, keepalive, ends }: TerminalEffect & { kind: 'stall' },
  before: readonly Frame[],
): Steps<boolean> {
  const { wire, asked } = attempt.passing;
  const answer = attempt.decision.answer?.answer;
  const untilMs = attempt.elapsedMs() + (forMs ?? Number.POSITIVE_INFINITY);
  while (keepalive && answer && attempt.elapsedMs() + keepalive.everyMs < untilMs) {
    await attempt.pause(keepalive.everyMs);
    if (attempt.isOver) return false;
    yield* attempt.send([wire.keepalive(keepalive.form, asked, answer, before)]);
  }
  if (forMs === null) {
    yield { do: 'silence' };
    return false;
  }
  await attempt.pause(untilMs - attempt.elapsedMs());
  if (ends === undefined) return true;
  yield* cut(attempt, ends, false);
  return false;
}

async function* cut(attempt: Way, how: CutHow, isFresh: boolean): Steps {
  if (isFresh && how !== 'clean') await attempt.pause(graceMs);
  yield { do: 'end', how: how === 'clean' ? 'short' : how };
}

/** The event in the reads that effects make of it. */
function inReads(frame: Frame, effects: readonly Effect[]): readonly Frame[] {
  const kinds = effects.filter(({ kind }) => kind === 'rechunk');
  if (kinds.length === 0) return [frame];
  const none = { headersAtMs: 0, status: 200, headers: [], sse: true } as const;
  const delivery = rechunked(
    {
      kind: 'response',
      ...none,
      headers: [],
      frames: [frame],
      times: [0],
      end: { how: 'complete', atMs: 0 },
    },
    kinds,
  );
  return delivery.kind === 'response' ? delivery.frames : [frame];
}
