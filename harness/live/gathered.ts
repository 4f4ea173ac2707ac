// A response that is read to its end before any of it is sent: a body at once, an error, and an
// answer that a fault bends as a whole. From there on it goes the way of a recorded one.
import type { Effect } from '../faults/effect.ts';
import { framingOf } from '../network/framing.ts';
import type { KnownAnswer } from '../upstream/answer-book.ts';
import { changedAnswer, fixedAnswer } from '../upstream/changed-answer.ts';
import type { Decision } from '../upstream/decision.ts';
import { decide } from '../upstream/decision.ts';
import type { Delivery } from '../upstream/delivery.ts';
import { deliveryOf } from '../upstream/delivery-of.ts';
import type { Step } from '../upstream/live.ts';
import type { Pace } from '../upstream/pace.ts';
import { paced } from '../upstream/pace.ts';
import { joined } from '../wires/sse.ts';
import type { Forwarded } from './forward.ts';
import { heardWhole, textIdOf } from './heard.ts';
import { piecesOf } from './live-frames.ts';
import type { Way } from './way.ts';

/** What changes an answer, how it is rendered, or which of its parts are there. */
const changing: ReadonlySet<Effect['kind']> = new Set([
  'answer',
  'degenerate',
  'quirk',
  'omit',
  'bad-line',
]);

/** Whether an effect can only be carried out on a whole answer. */
export function needsAll(effect: Effect): boolean {
  return changing.has(effect.kind) || (effect.kind === 'rechunk' && 'events' in effect);
}

export async function* gathered(attempt: Way, opened: Forwarded): AsyncGenerator<Step, void> {
  const { passing, place, of } = attempt;
  const parts: Uint8Array[] = [];
  for await (const part of piecesOf(opened.body)) parts.push(part);
  const { status, headers } = opened;
  const heard = { id: textIdOf(place.attempt), passing, status, headers, body: joined(parts) };
  const known = heardWhole(heard, of.book.grade);
  const decision = decisionOn(attempt, known);
  Object.assign(attempt.decision, decision);
  const { fired, answer } = decision;
  place.takeBack(passing.fired.filter((one) => !fired.includes(one)));
  if (answer) {
    // What was said is known, whatever a fault makes of it.
    if (answer !== known) place.note(known);
    attempt.note(answer, known.answer.usage);
    of.said(passing, known, null);
  }
  for (const { effect } of fired) if (effect.kind !== 'unread') attempt.met(effect);
  yield* carriedOut(attempt, deliveryAt(attempt.elapsedMs(), decision));
}

/** The harness objects to nothing here: what a provider turns down, it turns down itself. */
function decisionOn({ passing, place, of }: Way, known: KnownAnswer): Decision {
  const { wire, asked, sample, fired } = passing;
  const isBent = fired.some(({ effect }) => needsAll(effect));
  const given =
    known.failure || !sample || !isBent
      ? fixedAnswer(known, fired)
      : changedAnswer(known, sample, fired, {
          grade: of.book.grade,
          toAnother: () => of.another(passing),
          of: (target) => of.recorded(target, passing),
        });
  // What nothing bends passes in the form in which it came, whatever was asked for.
  const { array: _, ...plain } = asked;
  const sse = known.exact?.sse ?? false;
  const asking = isBent && !known.failure ? asked : { ...plain, stream: sse };
  const lenient = { ...wire, objection: () => null };
  const decision = decide(lenient, asking, place.stamp, [...fired], () => given);
  if (decision.answer) return decision;
  // An error of its own was there before any fault could be.
  return { ...decision, fired: decision.fired.filter(({ effect }) => effect.kind === 'pace') };
}

/** All of it is there at `elapsedMs`; faults may make it later. */
function deliveryAt(elapsedMs: number, decision: Decision): Delivery {
  const base: Pace = {
    ttftMs: elapsedMs,
    tokensPerSecond: Number.POSITIVE_INFINITY,
    rejectMs: elapsedMs,
  };
  // The request was left unread before it was sent on.
  const fired = decision.fired.filter(({ effect }) => effect.kind !== 'unread');
  return deliveryOf({ ...decision, fired }, paced(base, fired));
}

async function* carriedOut(attempt: Way, delivery: Delivery): AsyncGenerator<Step, void> {
  if (delivery.kind === 'broken' || delivery.headersAtMs === null) {
    yield { do: 'silence' };
    return;
  }
  const until = (atMs: number): Promise<void> => attempt.pause(atMs - attempt.elapsedMs());
  await until(delivery.headersAtMs);
  yield attempt.head(delivery, delivery.sse, framingOf(delivery));
  for (const [index, frame] of delivery.frames.entries()) {
    await until(delivery.times[index] ?? 0);
    if (attempt.isOver) return;
    yield* attempt.send([frame]);
  }
  const { beat, end } = delivery;
  while (beat) {
    await attempt.pause(beat.everyMs);
    if (attempt.isOver) return;
    yield* attempt.send([beat.frame]);
  }
  if (end.how === 'never') {
    yield { do: 'silence' };
    return;
  }
  await until(end.atMs);
  yield { do: 'end', how: end.how };
}
