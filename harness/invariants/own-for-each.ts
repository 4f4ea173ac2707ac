// I17: what is one target's own stays with it. Credentials and names of models are seen in every
// request; that a value does not suit a fallback is known where the provider says so.

import type { AttemptRecord, CallRecord } from '../outcome/call-record.ts';
import { effectMember } from '../outcome/effect-member.ts';
import { isName } from '../outcome/target-name.ts';
import type { TrialView } from '../scorers/scorer.ts';
import { attemptName, attemptText, seconds } from './attempt-text.ts';
import type { Broken, Finding } from './call-rule.ts';
import { callRule } from './call-rule.ts';
import { failureOf } from './failure-kind.ts';
import { adapted, flawsOf } from './flaws.ts';
import { follows } from './timeline.ts';

interface Known {
  view: TrialView;
  /** By the hash of a key, the providers that were asked with it. */
  users: Map<string, Set<string>>;
}

export const ownForEach = callRule<Known>({
  id: 'I17',
  rule: 'Each target gets its own model, URL, key and supported parameters; no secret crosses.',
  example: 'The fallback is asked with the key of the primary.',
  know: (view) => ({ view, users: new Map() }),
  event({ users }, event) {
    if (event.e !== 'attempt' || event.key === null) return;
    const known = users.get(event.key);
    if (known) known.add(event.provider);
    else users.set(event.key, new Set([event.provider]));
  },
  judge,
});

function judge({ view: { trial }, users }: Known, record: CallRecord): Finding {
  const { attempts } = record;
  let finding: Finding = null;
  for (const attempt of attempts) {
    // Whoever asks only one target has nothing that could cross.
    if (attempt.target !== trial.primary) finding = 'held';
    const broken = crossed(attempt, users) ?? unsupported(trial.primary, attempt, attempts);
    if (broken) return broken;
  }
  return switchedInNameOnly(trial.targets ?? [], record) ?? finding;
}

function crossed(attempt: AttemptRecord, users: Known['users']): Broken | null {
  const { foreign, secret, provider, model, t, key } = attempt.start;
  const broken = (text: () => string): Broken => ({ at: t, text });
  // A key that only one provider ever gets is its own, whatever the variable is called.
  if (foreign === 'key' && (users.get(key ?? '')?.size ?? 0) > 1) {
    return broken(
      () =>
        `${attemptText(attempt)}. It was sent with the key of another provider, which ${provider} ` +
        'can read now; each target should get its own.',
    );
  }
  if (secret) {
    return broken(
      () =>
        `${attemptText(attempt)}. ${upper(secret.in)} has the key of ${secret.of}, which ` +
        `${provider} can read now; it should be sent to nobody but ${secret.of}.`,
    );
  }
  // A host that serves it all the same knows it by that name.
  if (foreign !== 'model' || failureOf(attempt) !== 'not-found') return null;
  return broken(
    () =>
      `${attemptText(attempt)}. ${provider} was asked for ${model}, a model of another provider; ` +
      'each target should be asked for its own.',
  );
}

/** Every model in use writes as much: who asks for no more cannot know that it is too much. */
const modestOutput = 4_096;

function unsupported(
  primary: string,
  attempt: AttemptRecord,
  attempts: readonly AttemptRecord[],
): Broken | null {
  // What the question needs, the primary gets; nobody was there before whose form it could be.
  if (attempt.target === primary || attempt.start.beside) return null;
  const flaw = flawsOf(attempt).find(({ of }) => of === 'parameters');
  if (!flaw || (flaw.size !== null && flaw.size <= modestOutput)) return null;
  if (adapted(attempt, attempts)) return null;
  const text = (): string =>
    `${attemptText(attempt)}. The request brought ${flaw.what}, which ${attempt.target} does not ` +
    'take; a fallback should get only what it supports.';
  return { at: attempt.start.t, text };
}

/** The chain says that a later target served, and the wire shows the one that had failed. */
function switchedInNameOnly(targets: readonly string[], record: CallRecord): Broken | null {
  const { answer, attempts, outcome, servedBy } = record;
  const said = answer?.meta?.served;
  if (!answer || !servedBy || said === undefined || !certain.has(outcome)) return null;
  const announced = targets.findIndex((target) => isName(said, target));
  const asked = targets.indexOf(servedBy.target);
  if (asked < 0 || announced <= asked) return null;
  if (attempts.some(({ target }) => isName(said, target))) return null;
  if (namedAnother(servedBy)) return null;
  const failed = attempts.find(
    (one) => one.target === servedBy.target && failureOf(one) !== null && follows(one, servedBy),
  );
  if (!failed) return null;
  const text = (): string =>
    `${attemptText(failed)}. The chain says that ${said} served then; ${attemptName(servedBy)} ` +
    `went to ${servedBy.target} again, and ${said} was never asked (answer at ` +
    `${seconds(answer.t)}). The next attempt should have gone where it was announced.`;
  return { at: servedBy.start.t, text };
}

const certain: ReadonlySet<string> = new Set(['malformed', 'refused', 'complete']);

/** The response itself named another model. */
function namedAnother({ effects }: AttemptRecord): boolean {
  return effects.some(({ effect }) => effectMember(effect, 'quirks', 'model') !== undefined);
}

function upper(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
