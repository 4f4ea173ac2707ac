// Where in a session a request stands. A session is a call whose answers may be calls of tools:
// every result that comes back in the history is one turn more.
import type { Asked } from '../wires/wire.ts';
import type { Sample } from '../workloads/workload.ts';
import type { AnswerBook, KnownAnswer } from './answer-book.ts';

/** 1 + the tool results of the request; null where the sample has no tools. */
export function turnOf(sample: Sample | null, { turns }: Asked): number | null {
  if (!sample?.tools?.length) return null;
  return 1 + turns.filter(({ role }) => role === 'tool').length;
}

/**
 * The recorded turn that a request gets: its own, or the last one before it. Whoever brings fewer
 * results than were asked for is asked for them again; whoever brings more gets the answer to all.
 * Null where nothing after the first turn was recorded: what follows from results is not known.
 */
export function servedTurn(recorded: readonly number[], wanted: number): number | null {
  if (wanted > 1 && !recorded.some((turn) => turn > 1)) return null;
  return recorded.findLast((turn) => turn <= wanted) ?? null;
}

/** The part of an answer that the request asks to go on from; what went with tool calls is none. */
export function begunIn({ turns }: Asked): string {
  const since = turns.slice(1 + turns.findLastIndex(({ role }) => role === 'tool'));
  return since.findLast(({ role }) => role === 'assistant')?.text ?? '';
}

/** The answer that ends a session which one target serves alone; null where it has none. */
export function lastTurn(
  book: AnswerBook,
  sample: string,
  target: string,
  draw: number,
): KnownAnswer | null {
  let turn = 1;
  for (;;) {
    const known = book.find(sample, target, draw, turn);
    const calls = known?.answer.toolCalls.length ?? 0;
    // Without tools of its own a sample has one turn, whatever its answer calls.
    if (!known || calls === 0 || !book.sample(sample)?.tools?.length) return known;
    turn += calls;
  }
}
