// I28: where the network happens to split a response is nobody's decision. Judged over twins: the
// same bytes come in other reads. Compared is what the chain made of each response, told by what
// was sent, and how its text reached the caller, told against the text that was sent.
import type { HistoryEvent } from '../history.ts';
import type { AttemptRecord, CallRecord } from '../outcome/call-record.ts';
import { effectMember } from '../outcome/effect-member.ts';
import type { Decisions, Invariant } from './invariant.ts';
import { decisionText, note, stepAfter } from './next-step.ts';

interface State {
  decisions: Decisions;
  /** Every answer by its id. */
  texts: Map<string, string>;
}

export const sameBytes: Invariant<State> = {
  id: 'I28',
  rule: 'Any re-chunking of the same bytes gives the same output and decisions.',
  example: 'A data line that comes in two reads is dropped, and a word with it.',
  twin: 'chunks',
  start: () => ({ decisions: {}, texts: new Map() }),
  event({ texts }, event: HistoryEvent) {
    if (event.e === 'text') texts.set(event.id, event.text.trim());
  },
  call({ decisions, texts }, record) {
    for (const attempt of record.attempts) look(decisions, texts, record, attempt);
  },
  // Without a twin there is nothing to compare: not applicable.
  end: ({ decisions }) => ({ exercised: 0, violations: 0, first: null, limit: null, decisions }),
};

function look(
  decisions: Decisions,
  texts: State['texts'],
  record: CallRecord,
  attempt: AttemptRecord,
): void {
  const { reply, start, target } = attempt;
  if (!reply || start.vectors) return;
  const step = stepAfter(record, attempt);
  if (!step) return;
  const disturbed = disturbances(attempt);
  // Decisions on failures may be drawn by lot: only whole answers are told apart by their text.
  const whole = reply.status < 300 && disturbed === '';
  const sent = `${reply.status} ${reply.reason ?? ''} ${whole ? (reply.text ?? '') : disturbed}`;
  const name = step.to || !whole ? step.name : shown(record, texts.get(reply.text ?? '') ?? '');
  const text = (): string => decisionText(attempt, name, step.at);
  const at = { call: record.call.call, at: step.at, text };
  note(decisions, `${target} ${start.stream} ${start.turn ?? 1} ${sent}`, name, at);
}

/** What was done to the response beside other reads. */
function disturbances({ effects }: AttemptRecord): string {
  return effects
    .filter(({ effect }) => !harmless.has(effectMember(effect, 'kind')) && !isWhole(effect))
    .map(({ rule, fault }) => `${fault} by rule ${rule}`)
    .join(', ');
}

/** These change neither what is said nor whether all of it comes. */
const harmless: ReadonlySet<unknown> = new Set(['rechunk', 'answer', 'pace', 'limits', 'unread']);

/** One document in place of a stream says all that there is to say. */
function isWhole(effect: unknown): boolean {
  return effectMember(effect, 'form') === 'json';
}

/** How the caller was shown the answer; what the chain adds to it is no difference. */
function shown({ answer, text, outcome }: CallRecord, sent: string): string {
  if (answer?.kind !== 'text') return 'ended as an error';
  const got = text.trim();
  if (got === sent) return 'showed it as it is';
  if (got === '') return 'showed nothing';
  if (outcome === 'degraded') return 'gave a reply of its own';
  if (sent !== '' && got.includes(sent)) return 'showed it among other words';
  const destroyed = got.split('\ufffd').length - sent.split('\ufffd').length;
  const lost = destroyed > 0 ? `, ${destroyed} of them destroyed` : '';
  return `showed ${got.length} of its ${sent.length} characters${lost}`;
}
