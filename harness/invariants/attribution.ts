// I23: what the chain says of its answer agrees with the wire. A chain that says nothing is not
// judged, nor are names of its own making.
import type { Meta } from '../history.ts';
import type { AttemptRecord, CallRecord, Outcome } from '../outcome/call-record.ts';
import { effectMember } from '../outcome/effect-member.ts';
import { answering, broughtSoundVectors } from '../outcome/steps.ts';
import { isName } from '../outcome/target-name.ts';
import { attemptText, seconds } from './attempt-text.ts';
import type { Broken, Finding } from './call-rule.ts';
import { callRule } from './call-rule.ts';
import { failureOf } from './failure-kind.ts';
import { hasOthers } from './hops-of-others.ts';
import { marginMs } from './margins.ts';

interface Known {
  /** provider/model of all that were ever asked, in lower case. */
  targets: Set<string>;
  /** Those that the chain says it has; they may have names of their own on the wire. */
  declared: readonly string[];
  /** Those that were ever asked for vectors. */
  searchers: Set<string>;
  /** The reply of its own that the chain declares. */
  ownReply: string | null;
  /** Of a call, by the limits. */
  mostAttempts: number;
}

export const attribution = callRule<Known>({
  id: 'I23',
  rule: 'The caller can see who served and how many hops it took.',
  example: 'The fallback answered, and the result names the primary.',
  know: ({ trial: { primary, targets = [], degradeText }, limits }) => ({
    targets: new Set([primary.toLowerCase()]),
    declared: targets.map((name) => name.toLowerCase()),
    searchers: new Set(),
    ownReply: degradeText?.trim() ?? null,
    mostAttempts: limits.attempts,
  }),
  judge(known, record) {
    for (const { target, start } of record.attempts) {
      known.targets.add(target.toLowerCase());
      if (start.vectors) known.searchers.add(target.toLowerCase());
    }
    return judge(known, record);
  },
});

/** Here the text says with certainty whose it is. */
const certain: ReadonlySet<Outcome> = new Set(['malformed', 'refused', 'continued', 'complete']);

function judge(known: Known, record: CallRecord): Finding {
  const { answer, outcome, servedBy } = record;
  const meta = answer?.meta;
  if (!answer || !meta) return null;
  if (outcome === 'degraded') return ownReplyFinding(known, record, meta.served);
  if (!certain.has(outcome)) return null;
  if (!servedBy) return outcome === 'complete' ? searchFinding(known, record, meta.served) : null;
  if (meta.served === undefined && meta.hops === undefined) return null;
  const names = namesFor(known, servedBy);
  const who = meta.served === undefined ? null : servedFinding(names, record, meta.served);
  if (who !== null && who !== 'held') return { at: answer.t, text: () => who.text(servedBy) };
  const hops =
    hopsMissing(known, record, servedBy, meta) ??
    hopsOfOthers(known, record, meta) ??
    hopUntrue(record, meta);
  if (hops) return hops;
  return who ?? (meta.hops === undefined ? null : 'held');
}

/** Of a target that nobody asked only a chain that speaks the wire's names can be held to one. */
function namesFor({ targets, declared }: Known, { target }: AttemptRecord): ReadonlySet<string> {
  if (!declared.includes(target.toLowerCase())) return targets;
  return new Set([...targets, ...declared]);
}

/** What the chain found by itself, with vectors: their model served, and may not be another. */
function searchFinding({ searchers }: Known, record: CallRecord, said = ''): Finding {
  const { attempts, answer } = record;
  if (!answer || attempts.some(({ start }) => !start.vectors)) return null;
  const brought = attempts.filter(broughtSoundVectors);
  const by = brought.at(-1);
  const name = said.toLowerCase();
  if (!by || ![...searchers].some((target) => isName(name, target))) return null;
  if (brought.some(({ target }) => isName(name, target))) return 'held';
  const text = (): string =>
    `${attemptText(by)}, and with its vectors the chain found what the caller got at ` +
    `${seconds(answer.t)}. The chain says that ${said} served.`;
  return { at: answer.t, text };
}

/** Its own words were served by nobody. */
function ownReplyFinding(known: Known, record: CallRecord, said = ''): Finding {
  const { answer, text } = record;
  if (!answer || said === '' || text.trim() !== known.ownReply) return null;
  const name = said.toLowerCase();
  const named = [...known.targets, ...known.declared].find((target) => isName(name, target));
  if (named === undefined) return null;
  const words = (): string =>
    `What the caller got at ${seconds(answer.t)} is the reply of its own that the chain declares. ` +
    `The chain says that ${said} served.`;
  return { at: answer.t, text: words };
}

/** What chains call a hop that went well. */
const wentWell = /^(?:completed?|ok|success|succeeded)$/i;

/** A hop that is told as gone well, of a target of which no attempt did. */
function hopUntrue({ attempts, answer, servedBy }: CallRecord, { hops = [] }: Meta): Broken | null {
  const at = answer?.t ?? 0;
  for (const { target, outcome } of hops) {
    const own = attempts.filter((one) => isName(target.toLowerCase(), one.target));
    const last = own.at(-1);
    // Whether what served was whole is I01's to say.
    const isWell = own.some((one) => one === servedBy || failureOf(one) === null);
    if (!last || isWell || !wentWell.test(outcome)) continue;
    const text = (): string =>
      `${attemptText(last)}. The answer at ${seconds(at)} tells of a hop to ${target} that was ` +
      `"${outcome}".`;
    return { at, text };
  }
  return null;
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
  const model = effectMember(effect, 'quirks', 'model');
  return typeof model === 'string' ? [`${provider}/${model}`] : [];
}

/** A dated or prefixed name of the same model. */
function isVersion(name: string, { start }: AttemptRecord): boolean {
  return name.includes(start.model.toLowerCase());
}

/** Targets that were asked for the answer, so that each of them is a hop. */
function hopsOf(known: Known, record: CallRecord, servedBy: AttemptRecord): AttemptRecord[] {
  const at = record.answer?.t ?? 0;
  const { declared } = known;
  const isHop = ({ target }: AttemptRecord): boolean =>
    !declared.includes(servedBy.target.toLowerCase()) || declared.includes(target.toLowerCase());
  return answering(record).filter(
    (one) => one.start.t < at && isHop(one) && !lostRace(one, servedBy),
  );
}

/** Asked beside the one that served, or after it, and hung up on: nobody moved on from it. */
function lostRace({ start, end }: AttemptRecord, servedBy: AttemptRecord): boolean {
  const hungUp = end === null || end.how === 'aborted' || end.how === 'open';
  return hungUp && start.attempt !== servedBy.start.attempt && start.t >= servedBy.start.t;
}

function servedApart({ served, hops = [] }: Meta, asked: readonly string[]): boolean {
  if (served === undefined || !asked.some((target) => isName(served, target))) return false;
  return !hops.some(({ target }) => isName(target, served));
}

function hopsOfOthers(known: Known, { attempts, answer }: CallRecord, meta: Meta): Broken | null {
  const told = meta.hops?.length ?? 0;
  const targets = [...known.targets, ...known.declared];
  if (!hasOthers(told, attempts, targets, known.mostAttempts)) return null;
  const at = answer?.t ?? 0;
  const text = (): string =>
    `The answer at ${seconds(at)} tells of ${told} hops; the call made ${attempts.length} ` +
    'attempts. The others can only be those of other calls.';
  return { at, text };
}

function hopsMissing(
  known: Known,
  record: CallRecord,
  servedBy: AttemptRecord,
  meta: Meta,
): Broken | null {
  if (meta.hops === undefined) return null;
  const at = record.answer?.t ?? 0;
  const before = hopsOf(known, record, servedBy);
  const asked = [...new Set(before.map(({ target }) => target))];
  // Hops may be the moves from one target to the next, with who served beside them.
  const told = meta.hops.length;
  if (told + (servedApart(meta, asked) ? 1 : 0) >= asked.length) return null;
  const text = (): string =>
    `The answer at ${seconds(at)} tells of ${told} hops; the targets asked on the wire from ` +
    `${seconds(before[0]?.start.t ?? 0)} on were ${asked.length}: ${asked.join(', ')}.`;
  return { at, text };
}
