// I23: what the chain says of its answer agrees with the wire. A chain that says nothing is not
// judged, nor are names of its own making.
import type { Meta } from '../history.ts';
import type { AttemptRecord, CallRecord, Outcome } from '../outcome/call-record.ts';
import { answering } from '../outcome/steps.ts';
import { isName } from '../outcome/target-name.ts';
import type { TrialView } from '../scorers/scorer.ts';
import { attemptText, seconds } from './attempt-text.ts';
import type { Broken, Finding } from './call-rule.ts';
import { callRule } from './call-rule.ts';
import { marginMs } from './margins.ts';

interface Known {
  view: TrialView;
  /** provider/model of all that were ever asked, in lower case. */
  targets: Set<string>;
}

export const attribution = callRule<Known>({
  id: 'I23',
  rule: 'The caller can see who served and how many hops it took.',
  example: 'The fallback answered, and the result names the primary.',
  know: (view) => ({ view, targets: new Set([view.trial.primary.toLowerCase()]) }),
  judge({ targets }, record) {
    for (const { target } of record.attempts) targets.add(target.toLowerCase());
    return judge(targets, record);
  },
});

/** Here the text says with certainty whose it is. */
const certain: ReadonlySet<Outcome> = new Set(['malformed', 'refused', 'continued', 'complete']);

function judge(targets: ReadonlySet<string>, record: CallRecord): Finding {
  const { answer, outcome, servedBy } = record;
  const meta = answer?.meta;
  if (!answer || !meta || !servedBy || !certain.has(outcome)) return null;
  if (meta.served === undefined && meta.hops === undefined) return null;
  const who = meta.served === undefined ? null : servedFinding(targets, record, meta.served);
  if (who !== null && who !== 'held') return { at: answer.t, text: () => who.text(servedBy) };
  const hops = hopsMissing(record, meta, answer.t);
  if (hops) return hops;
  return who ?? (meta.hops === undefined ? null : 'held');
}

type Who = null | 'held' | { text(servedBy: AttemptRecord): string };

/** Null: a name that is nobody's on the wire. */
function servedFinding(
  targets: ReadonlySet<string>,
  { attempts, answer, servedBy }: CallRecord,
  said: string,
): Who {
  const name = said.toLowerCase();
  const at = (answer?.t ?? 0) + marginMs;
  // Of two attempts that had finished, the text cannot always say which was taken.
  const finished = attempts.filter(({ end }) => end?.marker && (end.last ?? 0) <= at);
  if (servedBy && !finished.includes(servedBy)) finished.push(servedBy);
  const told = finished.flatMap(({ target, start, effects }) => [
    target,
    ...effects.flatMap(({ effect }) => otherModel(effect, start.provider)),
  ]);
  if (told.some((target) => isName(name, target))) return 'held';
  const other = [...targets].find((target) => isName(name, target));
  if (other === undefined) return finished.some((one) => isVersion(name, one)) ? 'held' : null;
  return {
    text: (by) =>
      `${attemptText(by)}, and its answer is what the caller got at ` +
      `${seconds(answer?.t ?? 0)}. The chain says that ${said} served.`,
  };
}

/** The response may have named another model of its provider than the one that was asked. */
function otherModel(effect: unknown, provider: string): string[] {
  if (typeof effect !== 'object' || effect === null || !('quirks' in effect)) return [];
  const { quirks } = effect;
  const model: unknown =
    typeof quirks === 'object' && quirks !== null ? Reflect.get(quirks, 'model') : null;
  return typeof model === 'string' ? [`${provider}/${model}`] : [];
}

/** A dated or prefixed name of the same model. */
function isVersion(name: string, { start }: AttemptRecord): boolean {
  return name.includes(start.model.toLowerCase());
}

function hopsMissing(record: CallRecord, meta: Meta, at: number): Broken | null {
  if (meta.hops === undefined) return null;
  const attempts = answering(record);
  const before = attempts.filter(({ start }) => start.t < at);
  const asked = [...new Set(before.map(({ target }) => target))];
  const told = meta.hops.length;
  if (told >= asked.length) return null;
  const text = (): string =>
    `The answer at ${seconds(at)} tells of ${told} hops; the targets asked on the wire from ` +
    `${seconds(attempts[0]?.start.t ?? 0)} on were ${asked.length}: ${asked.join(', ')}.`;
  return { at, text };
}
