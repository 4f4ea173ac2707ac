// Whether an error tells of a failure. Chains say it in many words (a status, a class name, the
// provider's sentence), so anything that can be meant for it counts; only an error that tells
// plainly of something else, or of nothing, does not.
import type { CallerError } from '../history.ts';
import type { AttemptRecord } from '../outcome/call-record.ts';
import type { FailureKind } from './failure-kind.ts';
import { failureOf } from './failure-kind.ts';

/** Whether the error keeps the cause of one of `failed`; `others` are the call's other attempts. */
export function tellsOf(
  error: CallerError,
  failed: readonly AttemptRecord[],
  others: readonly AttemptRecord[],
): boolean {
  const words = wordsOf(error);
  if (failed.some((attempt) => isNamed(attempt, error, words))) return true;
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
  if (effects.some(({ effect }) => isBadLine(effect))) also.push(/malformed|syntax|json|pars/i);
  return also;
}

function isBadLine(effect: unknown): boolean {
  return (
    typeof effect === 'object' && effect !== null && Reflect.get(effect, 'kind') === 'bad-line'
  );
}

function wordsOf({ name, message, status, code, causes, attempts }: CallerError): string {
  const hops = (attempts ?? []).map(({ target, outcome }) => `${target} ${outcome}`);
  return [name, message, status ?? '', code ?? '', ...causes, ...hops].join('\n');
}

/** By its very status, code or name: no other attempt can be meant. */
function isNamed({ start, reply, effects }: AttemptRecord, error: CallerError, words: string) {
  const status = reply?.status ?? 0;
  if (status >= 300 && (error.status === status || words.includes(`${status}`))) return true;
  const said = words.toLowerCase();
  if (said.includes(start.model.toLowerCase()) || said.includes(start.provider.toLowerCase())) {
    return true;
  }
  return effects.some(({ effect }) => sentIn(effect).some((sent) => words.includes(sent)));
}

/** The message and the code that were injected. */
function sentIn(effect: unknown): string[] {
  if (typeof effect !== 'object' || effect === null || !('rejection' in effect)) return [];
  const { rejection } = effect;
  if (typeof rejection !== 'object' || rejection === null) return [];
  const sent: unknown[] = [Reflect.get(rejection, 'message'), Reflect.get(rejection, 'code')];
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

const told: Readonly<Record<FailureKind, RegExp>> = {
  'rate-limit': /\b429\b|rate.?limit|too many|throttl|quota|limit|exhausted/i,
  credential:
    /\b(?:401|402|403|429)\b|auth|credential|key|billing|quota|credit|payment|insufficient|permission|spend|limit|balance/i,
  permission: /\b40[13]\b|permission|forbidden|auth|denied|not allowed|region|country|access/i,
  request:
    /\b4\d\d\b|bad request|invalid|too (?:large|long)|context|unprocess|valid|policy|maximum|token|filter|large|unsupported|refused/i,
  'not-found': /\b4(?:04|10)\b|not.?found|does not exist|no such|unknown|missing|retired|gone/i,
  transient: /\b4(?:08|09|24|25)\b|time.?out|timed.?out|conflict|depend|early|lock|retry/i,
  target:
    /\b5\d\d\b|server|unavailable|overload|capacity|gateway|upstream|time.?out|timed.?out|busy|down\b/i,
  transport:
    /connect|socket|network|fetch|terminated|reset|refused|closed|hang up|ENOTFOUND|EAI_|dns|getaddrinfo|certificate|tls|ssl|UND_ERR|ECONN|EPIPE|ETIMEDOUT/i,
  cut: /terminat|truncat|incomplete|premature|closed|stream|end(?:ed)?\b|json|pars|missing|finish|unexpected|abort|connect|socket|reset|cut/i,
  silence:
    /time.?out|timed.?out|abort|deadline|stall|idle|hang|slow|cancel|no (?:data|response|answer)|silen|too long|exceeded|terminated|\b\d+ ?(?:ms|s|sec|seconds)\b/i,
  other: /(?:)/,
};
