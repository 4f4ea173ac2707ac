// What a rescued call should not have done: the caller is served, and somebody else pays for it.
import type { AttemptRecord, CallRecord } from '../outcome/call-record.ts';
import type { Expectation } from '../scenario/expectation.ts';
import type { TrialView } from '../scorers/scorer.ts';

/** The first blemish in words; null where there is none. */
export function blemishOf(
  view: TrialView,
  expects: Expectation,
  record: CallRecord,
): string | null {
  const { attempts } = record;
  for (const [index, attempt] of attempts.entries()) {
    const later = attempts.slice(index + 1).find((other) => sameRoute(other, attempt));
    const found =
      hintIgnored(view, attempt, later) ?? silenceRepeated(attempt, later) ?? misfit(attempt);
    if (found !== null) return found;
  }
  return lateFirstToken(view, record) ?? noRetry(view, expects, record);
}

function sameRoute(a: AttemptRecord, b: AttemptRecord): boolean {
  return a.target === b.target && a.start.region === b.start.region && a.start.key === b.start.key;
}

function hintIgnored(
  { limits }: TrialView,
  { reply, target }: AttemptRecord,
  later: AttemptRecord | undefined,
): string | null {
  const hint = reply?.hintMs;
  if (!reply || !later || typeof hint !== 'number' || hint <= 0) return null;
  const waited = later.start.t - reply.t;
  const due = Math.min(hint, limits.hintCapMs);
  if (waited >= due) return null;
  return `${target} asked for ${due / 1000} s and was asked again after ${waited / 1000} s`;
}

/** A route that said nothing is likely to say nothing again. */
function silenceRepeated(
  { target, end, reply }: AttemptRecord,
  later: AttemptRecord | undefined,
): string | null {
  const silent = end?.first === null && (end.how === 'aborted' || end.how === 'client-timeout');
  if (!later || !silent || (reply && reply.status >= 400)) return null;
  return `${target} was silent until a limit of the chain, and was asked again`;
}

/** A request that its target had to refuse as it was: prefill, model name, a foreign key. */
function misfit({ target, effects, start }: AttemptRecord): string | null {
  if (start.foreign !== undefined)
    return `${target} was sent the ${start.foreign} of another target`;
  const refused = effects.some(({ fault }) => fault === 'guard' || fault === 'objection');
  return refused ? `${target} was sent a request that it has to refuse` : null;
}

function lateFirstToken({ limits }: TrialView, { servedBy }: CallRecord): string | null {
  const first = servedBy?.end?.first ?? null;
  if (!servedBy || first === null) return null;
  const waited = first - servedBy.start.t;
  if (waited <= limits.idleMs) return null;
  return `${servedBy.target} took ${waited / 1000} s to its first token, and no limit ended it`;
}

function noRetry(
  view: TrialView,
  expects: Expectation,
  { attempts, servedBy }: CallRecord,
): string | null {
  const { primary } = view.trial;
  if (!expects.retry || !servedBy || servedBy.target === primary) return null;
  if (attempts.filter(({ target }) => target === primary).length !== 1) return null;
  return `${primary} failed once and was not asked again before ${servedBy.target} was`;
}
