// What a caller must never read as an answer: pages, frames and messages of failures.
// Found by form, because the history holds no error bodies, and by what was injected.
import type { AttemptRecord } from './call-record.ts';
import { effectMember } from './effect-member.ts';

/** What only a failure brings: where nothing failed, it is the chain's own. */
const failureForms: readonly Form[] = [
  ['an HTML page', /<!doctype html|<html[\s>]|<\/(?:html|body|head)>/i],
  ['a JSON error', /"error"\s*:\s*\{|^\s*\{\s*"error"\s*:\s*["{]|"type"\s*:\s*"error"/],
];

const forms: readonly Form[] = [
  ['raw stream events', /^data: ?(?:[{[]|\[DONE\])|^event: ?[a-z_.]+$|\[DONE\]/m],
  ['a raw response', /"(?:finish_reason|stop_reason)"|"chat\.completion(?:\.chunk)?"/],
  [
    'the code of a transport error',
    /\b(?:ECONNRE(?:SET|FUSED)|ENOTFOUND|ETIMEDOUT|UND_ERR_[A-Z_]+)\b/,
  ],
  [
    'the message of a transport error',
    /^(?:\w*Error: )?(?:fetch failed|terminated|(?:Connection error|Request timed out)\.)$/,
  ],
  // Sentences that nobody would write into a polite reply of their own.
  [
    "the message of a provider's error",
    /\borg[-_]firedrill\b|\bexceeded your current quota, please|\bcredit balance is (?:exhausted|too low)\b|\bYou can retry your request, or contact us through our help center\b/,
  ],
];

type Form = [what: string, form: RegExp];

/** Characters by which a thought is known again. */
const leastThought = 24;

/**
 * What leaked into the text, in words, or null. `answers` are the texts that might have been
 * asked for: what has the same form is no leak (a question about HTML).
 */
export function leakIn(
  text: string,
  attempts: readonly AttemptRecord[],
  answers: readonly string[],
  thoughts: readonly string[] = [],
): string | null {
  const areWell = attempts.length > 0 && attempts.every(isWell);
  for (const [what, form] of areWell ? forms : [...failureForms, ...forms]) {
    const isOwn = (answer: string): boolean => form.test(answer) || isWrapped(text, answer.trim());
    if (form.test(text) && !answers.some(isOwn)) return what;
  }
  // Before the answer that follows from them they may well be shown.
  const alone = !answers.some((answer) => answer !== '' && text.includes(answer.trim()));
  if (alone && thoughts.some((one) => one.length >= leastThought && text.includes(one)))
    return 'what a model thought, without the answer that follows from it';
  for (const attempt of attempts) {
    const status = attempt.reply?.status ?? 0;
    if (
      status >= 400 &&
      beginsWith(status, text) &&
      !answers.some((one) => beginsWith(status, one))
    ) {
      return `the ${status} of ${attempt.target}`;
    }
    const said = messageOf(attempt);
    if (said !== null && text.includes(said)) return `the error message of ${attempt.target}`;
  }
  return null;
}

function isWell({ reply, effects }: AttemptRecord): boolean {
  return effects.length === 0 && (reply?.status ?? 0) < 400;
}

function beginsWith(status: number, text: string): boolean {
  return new RegExp(`^\\W*(?:\\w*Error:? *)?${status}\\b`).test(text);
}

/** Whether an answer stands in a page of the chain's own, not behind one that failed. */
function isWrapped(text: string, answer: string): boolean {
  const at = answer === '' ? -1 : text.indexOf(answer);
  return (
    at >= 0 &&
    text.indexOf('</html', at + answer.length) >= 0 &&
    !/<\/html/i.test(text.slice(0, at))
  );
}

/** The message that a scenario put into a rejection, where it is long enough to be known again. */
function messageOf(attempt: AttemptRecord): string | null {
  for (const { effect } of attempt.effects) {
    const message = effectMember(effect, 'rejection', 'message');
    if (typeof message === 'string' && message.length >= 8) return message;
  }
  return null;
}
