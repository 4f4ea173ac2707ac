// I01: a text presented as an answer was finished by whoever served it. Any terminal marker of the
// wire is enough; which bytes those are is the wire's knowledge.
import type { AttemptRecord, CallRecord, Outcome } from '../outcome/call-record.ts';
import { answering } from '../outcome/steps.ts';
import { attemptText, seconds } from './attempt-text.ts';
import type { Finding } from './call-rule.ts';
import { callRule } from './call-rule.ts';
import { marginMs } from './margins.ts';

/** Every answer by its id: two targets may have the same text. */
type Texts = Map<string, string>;

export const terminalMarker = callRule<Texts>({
  id: 'I01',
  rule: "Success is reported only after the serving attempt's terminal marker.",
  example: 'A stream that is cut after half of its text is returned as an ordinary answer.',
  know: () => new Map(),
  event(texts, event) {
    if (event.e === 'text') texts.set(event.id, event.text.trim());
  },
  judge,
});

/** Outcomes in which the caller was shown a target's text, or its absence, as the answer. */
const presented: ReadonlySet<Outcome> = new Set([
  'spliced',
  'leaked',
  'truncated',
  'empty',
  'malformed',
  'refused',
  'continued',
  'complete',
]);

/** Here the text itself does not say that one whole answer was sent. */
const doubtful: ReadonlySet<Outcome> = new Set(['spliced', 'truncated', 'empty']);

function judge(texts: Texts, record: CallRecord): Finding {
  const { answer, outcome, servedBy, cachedFrom } = record;
  if (answer?.kind !== 'text' || cachedFrom !== null || !presented.has(outcome)) return null;
  if (servedBy) return judgeServing(texts, servedBy, record, answer.t);
  if (!doubtful.has(outcome)) return null;
  const opened = answering(record).filter(({ reply }) => reply !== null && reply.status < 300);
  const last = opened.at(-1);
  if (!last) return null;
  if (opened.some((attempt) => finishedBy(attempt, answer.t))) return 'held';
  return unfinished(last, answer.t);
}

function judgeServing(
  texts: Texts,
  servedBy: AttemptRecord,
  record: CallRecord,
  answeredAt: number,
): Finding {
  const { end } = servedBy;
  if (!end) return null;
  if (finishedBy(servedBy, answeredAt)) return 'held';
  // Two attempts may send the same text: one that had finished is enough.
  const sent = sentBy(texts, servedBy);
  const rescues = (other: AttemptRecord): boolean =>
    sentBy(texts, other) === sent && finishedBy(other, answeredAt);
  if (sent !== null && record.attempts.some(rescues)) return 'held';
  if (!end.marker) return unfinished(servedBy, answeredAt);
  const text = (): string =>
    `${attemptText(servedBy)}. Its answer was presented as success at ${seconds(answeredAt)}, ` +
    `while payload came until ${seconds(end.last ?? end.t)}: wait for the terminal marker.`;
  return { at: answeredAt, text };
}

function sentBy(texts: Texts, { reply }: AttemptRecord): string | null {
  return reply?.text === undefined ? null : (texts.get(reply.text) ?? reply.text);
}

/** The marker follows the last payload; its own time is not in the history. */
function finishedBy({ end }: AttemptRecord, at: number): boolean {
  return end?.marker === true && (end.last ?? 0) <= at + marginMs;
}

function unfinished(attempt: AttemptRecord, answeredAt: number): Finding {
  const chars = attempt.end?.chars ?? 0;
  const text = (): string =>
    `${attemptText(attempt)}, having sent ${chars} characters and no terminal marker. This was ` +
    `presented as success at ${seconds(answeredAt)}; it should have been an error or another attempt.`;
  return { at: answeredAt, text };
}
