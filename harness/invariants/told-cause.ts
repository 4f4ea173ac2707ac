// Whether an error tells of a failure. Chains say it in many words (a status, a class name, the
// provider's sentence), so anything that can be meant for it counts, as words of its own: `gpt-4o`
// is not told by `gpt-4o-mini`, nor a hang by a change. Only an error that tells plainly of
// something else, or of nothing, does not count.
import type { CallerError } from '../history.ts';
import type { AttemptRecord } from '../outcome/call-record.ts';
import { effectMember } from '../outcome/effect-member.ts';
import type { FailureKind } from './failure-kind.ts';
import { failureOf } from './failure-kind.ts';
import { isWordIn, separateWords, startOfWord } from './whole-words.ts';

/** Whether the error keeps the cause of one of `failed`; `others` are the call's other attempts. */
export function tellsOf(
  error: CallerError,
  failed: readonly AttemptRecord[],
  others: readonly AttemptRecord[],
): boolean {
  const words = wordsOf(error);
  if (failed.some((attempt) => isNamed(attempt, error, words, others))) return true;
  if (isAnothers(error, others)) return false;
  return failed.some((attempt) => {
    const kind = failureOf(attempt);
    if (kind === null || told[kind].test(words) || isSameClass(error, attempt)) return true;
    return alsoTold(attempt, kind).some((other) => other.test(words));
  });
}

/**
 * Words of another kind that tell the same: a silence that was ended is a stream that ended; of an
 * error whose body the chain did not wait for it knows the time alone; and a line that is no JSON
 * is told as such, however its reading ended.
 */
function alsoTold({ end, effects, reply }: AttemptRecord, kind: FailureKind): RegExp[] {
  const also: RegExp[] = [];
  if (kind === 'silence') also.push(told.cut);
  const gaveUp = end?.how === 'aborted' || end?.how === 'client-timeout';
  if (gaveUp && (reply?.status ?? 0) >= 400) also.push(told.silence);
  if (effects.some(({ effect }) => effectMember(effect, 'kind') === 'bad-line')) {
    also.push(told['bad-line']);
  }
  return also;
}

/** All that it says, as it says it and with `APIConnectionError` as three words. */
function wordsOf({ name, message, status, code, causes, attempts }: CallerError): string {
  const hops = (attempts ?? []).map(({ target, outcome }) => `${target} ${outcome}`);
  const said = [name, message, status ?? '', code ?? '', ...causes, ...hops].join('\n');
  return `${said}\n${separateWords(said)}`;
}

/** By its very status, code or name: no other attempt can be meant. */
function isNamed(
  { start, target, reply, effects }: AttemptRecord,
  error: CallerError,
  words: string,
  others: readonly AttemptRecord[],
): boolean {
  const status = reply?.status ?? 0;
  if (status >= 300 && (error.status === status || isWordIn(words, `${status}`))) return true;
  const names = [target];
  // What another target of the call is called too names neither.
  if (others.every((other) => other.start.model !== start.model)) names.push(start.model);
  if (others.every((other) => other.start.provider !== start.provider)) names.push(start.provider);
  if (names.some((name) => isWordIn(words, name))) return true;
  return effects.some(({ effect }) => sentIn(effect).some((sent) => isWordIn(words, sent)));
}

/** The message and the code that were injected. */
function sentIn(effect: unknown): string[] {
  const sent = ['message', 'code'].map((name) => effectMember(effect, 'rejection', name));
  return sent.filter((text): text is string => typeof text === 'string' && text.length >= 4);
}

/** A status without any cause behind it, and the status is that of another target. */
function isAnothers({ status, causes }: CallerError, others: readonly AttemptRecord[]): boolean {
  if (status === undefined || causes.length > 0) return false;
  return others.some(({ reply }) => reply?.status === status);
}

/** A server of the user's own says 502 or 504 for what is down behind it. */
function isSameClass({ status }: CallerError, attempt: AttemptRecord): boolean {
  if (status === undefined || status < 500) return false;
  const kind = failureOf(attempt);
  return kind !== 'request' && kind !== 'credential';
}

/** Beginnings of words; whole words before `$`, statuses before `#`. */
const told: Readonly<Record<FailureKind | 'bad-line', RegExp>> = {
  'rate-limit': startOfWord('429#|rate.?limit|too many|throttl|quota|limit|exhausted'),
  credential: startOfWord(
    '40[123]#|429#|auth(?!ors?$)|unauth|credential|(?:api)?keys?$|billing|quota|credit|payment|' +
      'insufficient|permission|spend|limit|balance',
  ),
  permission: startOfWord(
    '40[13]#|permission|forbidden|auth(?!ors?$)|unauth|denied|not allowed|region|country|access',
  ),
  request: startOfWord(
    '4\\d\\d#|bad request|(?:in)?valid|too (?:large|long)|context|unprocess|policy|maximum|token|' +
      'filter|larger?$|unsupported|refused',
  ),
  'not-found': startOfWord(
    '4(?:04|10)#|not.?found|does not exist|no such|unknown|missing|retired|gone$',
  ),
  transient: startOfWord(
    '4(?:08|09|24|25)#|time.?out|e?timed.?out|conflict|depend|early$|lock(?:s|ed)?$|retry',
  ),
  target: startOfWord(
    '5\\d\\d#|servers?$|unavailable|overload|capacity|gateway|upstream|time.?out|e?timed.?out|busy$|down$',
  ),
  transport: startOfWord(
    '(?:dis)?connect|socket|network|fetch|terminated|reset|refused|closed|hang up|ENOTFOUND|EAI_|dns$|' +
      'getaddrinfo|certificate|tls|ssl|UND_ERR|ECONN|EPIPE|ETIMEDOUT',
  ),
  cut: startOfWord(
    'terminat|truncat|incomplete|premature|closed|stream|end(?:ed)?$|json|pars(?:e|ing)|missing|' +
      'finish|unexpected|abort|(?:dis)?connect|ECONN|socket|reset|cut$',
  ),
  silence: startOfWord(
    'time.?out|e?timed.?out|abort|deadline|stall|idle|hang(?:s|ing)?$|slow|cancel|' +
      'no (?:data|response|answer)|silen|too long|exceeded|terminated|\\d+ ?(?:ms|s|sec|seconds)$',
  ),
  other: /(?:)/,
  'bad-line': startOfWord('malformed|syntax|json|pars(?:e|ing)'),
};
