// I15: a 200 with no answer in it is a failure like others: nothing of it may be shown as success.
// What is in a 200 is known from what its target was to send, and from what was injected.
import type { HistoryEvent } from '../history.ts';
import type { AttemptRecord, CallRecord } from '../outcome/call-record.ts';
import { effectMember } from '../outcome/effect-member.ts';
import { attemptText, seconds } from './attempt-text.ts';
import type { Finding } from './call-rule.ts';
import { callRule } from './call-rule.ts';
import { marginMs } from './margins.ts';

interface Known {
  /** Ids of texts with nothing in them that anybody could read or run. */
  blank: Set<string>;
  /** The reply of its own that the chain declares. */
  degradeText: string | null;
}

export const hollowAnswer = callRule<Known>({
  id: 'I15',
  rule: 'Empty, null, reasoning-only, HTML or zero-event 200s are not success.',
  example: 'Thoughts use up the whole output budget, and the caller gets an empty answer.',
  know: ({ trial }) => ({ blank: new Set(), degradeText: trial.degradeText }),
  event({ blank }, event: HistoryEvent) {
    if (event.e !== 'text' || event.calls) return;
    if (event.text.trim() === '') blank.add(event.id);
  },
  judge,
});

function judge(known: Known, record: CallRecord): Finding {
  const { answer, outcome, attempts } = record;
  if (!answer || record.caller || outcome === 'aborted' || outcome === 'cached') return null;
  const heard = attempts.filter(({ end }) => end !== null && end.t <= answer.t + marginMs);
  const hollow = heard.findLast((attempt) => whatIsHollow(known, attempt) !== null);
  if (!hollow) return null;
  const shown = shownOf(known, record);
  if (shown === null || answer.kind !== 'text') return 'held';
  const what = whatIsHollow(known, hollow) ?? '';
  const text = (): string =>
    `${attemptText(hollow)}, ${what}. The caller was shown ${shown} as the answer at ` +
    `${seconds(answer.t)}; it should have been another attempt or an error.`;
  return { at: answer.t, text };
}

/** What a 200 had in the place of an answer; null where it had one, or an error of its own. */
function whatIsHollow({ blank }: Known, attempt: AttemptRecord): string | null {
  const { start, reply, end, effects } = attempt;
  if (!reply || !end || reply.status < 200 || reply.status >= 300) return null;
  if (start.vectors || end.inBand !== null || reply.calls) return null;
  const forms = effects.map(({ effect }) => effectMember(effect, 'form'));
  const form = forms.find((one) => typeof one === 'string' && one in inPlace);
  if (typeof form === 'string') return inPlace[form] ?? null;
  const over = end.how === 'complete' || end.how === 'short';
  if (over && reply.text !== undefined && blank.has(reply.text)) return 'with no text in it';
  // Cut short in good order before its first word.
  return end.how === 'short' && end.first === null ? 'which ended before its first word' : null;
}

const inPlace: Readonly<Record<string, string>> = {
  empty: 'with no text in it',
  null: 'with null as its content',
  'no-choices': 'with no choice in it',
  'no-events': 'without an event in it',
  'reasoning-only': 'with thoughts and no answer',
  length: 'whose thoughts used up the whole budget',
  html: 'with a page of HTML in place of an answer',
  json: 'with one JSON document in place of a stream',
  'content-filter': 'whose content was filtered out',
  'unknown-finish': 'with no text, and a finish reason that nobody knows',
};

/** What of it reached the caller as an answer, in words; null: nothing. */
function shownOf({ degradeText }: Known, record: CallRecord): string | null {
  const { outcome, text, because, answer, servedBy } = record;
  const said = text.trim();
  if (outcome === 'empty') return 'nothing';
  if (outcome === 'leaked') {
    const what = /an HTML page|what a model thought|a raw response|raw stream events/.exec(because);
    return what?.[0] ?? null;
  }
  // Words that no target sent, and no reply that says what it is.
  const isOwn = servedBy === null && (outcome === 'degraded' || outcome === 'malformed');
  if (!isOwn || answer?.meta?.degraded || text === degradeText) return null;
  return made.test(said) ? `"${said}"` : null;
}

/** What a program makes of nothing. */
const made = /^(?:undefined|null|none|nan|\[object \w+\]|\{\}|\[\]|""|'')$/i;
