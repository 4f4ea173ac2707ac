// Answers with a hole in them: an event that could not be read was left out, or a character that
// came in two reads was destroyed. Only where the bytes were tampered with: else a chain has
// reworked the answer, which is its right.
import type { AnswerEvent } from '../history.ts';
import type { AttemptRecord } from './call-record.ts';
import { effectMember } from './effect-member.ts';
import type { Evidence } from './evidence.ts';
import { textOf } from './evidence.ts';

const tampering: ReadonlySet<unknown> = new Set(['bad-line', 'rechunk', 'stall', 'omit']);

/** Whether the caller got the answer of `by` with a hole that tampering has torn. */
export function isDamaged(evidence: Evidence, by: AttemptRecord, answer: AnswerEvent): boolean {
  const sent = textOf(evidence, by)?.text.trim();
  const got = answer.text?.trim();
  if (sent === undefined || got === undefined) return false;
  return wasTamperedWith(by) && hasHole(sent, got);
}

function wasTamperedWith({ effects }: AttemptRecord): boolean {
  return effects.some(({ effect }) => tampering.has(effectMember(effect, 'kind')));
}

/** The part of a text that may be missing and the rest still be known as it. */
const mostMissing = 0.2;

/** Whether `got` is `sent` without a piece from its middle, or with destroyed characters. */
export function hasHole(sent: string, got: string): boolean {
  if (got.includes('\ufffd') && !sent.includes('\ufffd')) return true;
  const missing = sent.length - got.length;
  if (missing <= 0 || missing > sent.length * mostMissing) return false;
  let start = 0;
  while (start < got.length && got[start] === sent[start]) start++;
  const rest = got.length - start;
  return start > 0 && rest > 0 && sent.endsWith(got.slice(start));
}
