// I27: what failed is over with the call that it failed. Its half answer is no part of the next
// request, its text is not kept for the next caller, and neither is the news that it failed, once
// the provider is well again.
import { LRUCache } from 'lru-cache';
import { clipped } from '../clipped.ts';
import type { HistoryEvent } from '../history.ts';
import type { AttemptRecord, CallRecord, Outcome } from '../outcome/call-record.ts';
import { effectMember } from '../outcome/effect-member.ts';
import { presentedAsSuccess } from '../outcome/outcome-kinds.ts';
import { attemptName, attemptText, seconds } from './attempt-text.ts';
import type { Broken, Finding } from './call-rule.ts';
import { callRule } from './call-rule.ts';
import { failureOf } from './failure-kind.ts';
import { follows } from './timeline.ts';
import type { Spaces } from './vector-spaces.ts';
import { mixedIn, noSpaces, searched, seeVectors } from './vector-spaces.ts';

interface Known {
  /** What targets have to say, by its id. */
  texts: Map<string, string>;
  spaces: Spaces;
  /**
   * Questions that ended badly, by the number of the call that asked them first. Null before there
   * is one: the cache takes room for all that it may hold.
   */
  bad: LRUCache<number, Ended> | null;
  /** Attempts of other calls whose words a request may repeat: the last ones. */
  failed: LRUCache<number, AttemptRecord>;
  /** Calls in a row that went out and were answered by the first attempt that they made. */
  well: { calls: number; since: number };
}

const mostKept = 4_096;
const mostFailed = 64;

/** How a question ended that may be asked again. */
interface Ended {
  call: number;
  outcome: Outcome;
  at: number;
  /** What the caller could read of it. */
  words: string;
}

export const noLeftovers = callRule<Known>({
  id: 'I27',
  rule: 'Degraded or failed results never leak into caches or the next attempt.',
  example: 'A polite reply of the outage is cached and served for the next hour.',
  know: () => ({
    texts: new Map(),
    spaces: noSpaces(),
    bad: null,
    failed: new LRUCache({ max: mostFailed }),
    well: { calls: 0, since: 0 },
  }),
  event(known, event) {
    if (event.e === 'text') known.texts.set(event.id, event.text);
    seeVectors(known.spaces, event);
    seeHealth(known, event);
  },
  judge(known, record) {
    const finding = judge(known, record);
    remember(known, record);
    return finding;
  },
});

/** A failure of any attempt ends the good time, and a reply that is none does not begin one. */
function seeHealth({ well }: Known, event: HistoryEvent): void {
  const isBad =
    (event.e === 'reply' && event.status >= 300) ||
    (event.e === 'end' && !event.marker) ||
    event.e === 'hung';
  if (isBad) well.calls = 0;
}

function judge(known: Known, record: CallRecord): Finding {
  let finding: Finding = null;
  const { attempts } = record;
  for (const attempt of attempts) {
    const failed = attempts.find((one) => failureOf(one) !== null && follows(one, attempt));
    if (failed) finding = 'held';
    const broken = broughtAlong(known, attempt, record);
    if (broken) return broken;
  }
  if (searched(record)) {
    const stale = staleVectors(known.spaces, record);
    if (stale) return stale;
  }
  const kept = keptAnswer(record) ?? keptFailure(known, record);
  if (kept) return kept;
  const first = record.call.repeats;
  return finding ?? (first !== undefined && known.bad?.has(first) ? 'held' : null);
}

/** The next request has words of one that failed. */
function broughtAlong(known: Known, attempt: AttemptRecord, record: CallRecord): Broken | null {
  const { brings } = attempt.start;
  if (!brings) return null;
  const from = record.attempts.find(({ start }) => start.attempt === brings.attempt);
  if (brings.what === 'text' && !isLeftover(known, from, record)) return null;
  const text = (): string => {
    const of = from ?? known.failed.get(brings.attempt);
    const whose = of ? attemptText(of) : elsewhere;
    const what = brings.what === 'text' ? 'Its half answer' : 'The words of its error';
    return (
      `${whose}. ${what} went along as a part of the conversation in ${attemptName(attempt)}; ` +
      'what failed should be left out of the next request.'
    );
  };
  return { at: attempt.start.t, text };
}

const elsewhere = 'An attempt of an earlier call failed';

/**
 * Whoever goes on from what the caller has read already has to bring it along. Where the caller
 * never reads it, the answer that follows is one to another question.
 */
function isLeftover(known: Known, from: AttemptRecord | undefined, record: CallRecord): boolean {
  const id = from?.reply?.text;
  const sent = known.texts
    .get(id ?? '')
    ?.slice(0, from?.end?.chars ?? 0)
    .trim();
  if (!sent || !presentedAsSuccess.has(record.outcome) || record.outcome === 'continued') {
    return false;
  }
  return !record.text.includes(sent.slice(0, leastShown));
}

const leastShown = 20;

function staleVectors(spaces: Spaces, record: CallRecord): Broken | null {
  const mixed = mixedIn(spaces, record);
  if (!mixed || mixed.among.standIn === null) return null;
  const { asked, among } = mixed;
  const text = (): string =>
    `${among.standIn} had failed when ${among.target} made the vectors of the documents ` +
    `(attempt ${among.attempt}, ${seconds(among.at)}). They were still searched with the vector ` +
    `of ${attemptText(asked)}; what stood in should be made anew once the first one is back.`;
  return { at: asked.start.t, text };
}

/** Answers that broke, and were kept. */
const broken: ReadonlySet<Outcome> = new Set(['spliced', 'leaked', 'truncated']);

function keptAnswer(record: CallRecord): Broken | null {
  const { attempts, cachedFrom, outcome, answer, because } = record;
  if (!answer || cachedFrom === null || attempts.some(({ start }) => !start.vectors)) return null;
  if (!broken.has(outcome)) return null;
  const text = (): string =>
    `${because} It was ${outcome} then, and was given again at ${seconds(answer.t)} without any ` +
    'attempt; only whole answers should be kept.';
  return { at: answer.t, text };
}

/** So many calls in a row that went well show that there is nothing to be spared any more. */
const wellCalls = 3;

/** Nobody was asked, although others are, and the same question gets what it got in the failure. */
function keptFailure(known: Known, record: CallRecord): Broken | null {
  const { call, attempts, answer, caller } = record;
  const before = call.repeats === undefined ? undefined : known.bad?.get(call.repeats);
  if (!before || !answer || caller || attempts.length > 0) return null;
  if (!isAgain(record, before)) return null;
  // A breaker may keep everybody away for a while, and one good call does not have to close it.
  if (known.well.calls < wellCalls || known.well.since < before.at) return null;
  const text = (): string =>
    `Call ${before.call} asked the same at an earlier time and was ${before.outcome} at ` +
    `${seconds(before.at)}. Since ${seconds(known.well.since)} ${known.well.calls} calls in a row ` +
    `had been answered at the first attempt; this one got "${clipped(before.words, mostWords)}" again at ` +
    `${seconds(answer.t)}, and nobody was asked. What failed should not be kept for the next caller.`;
  return { at: answer.t, text };
}

/** Of a refusal that is kept, the oracle says that it is cached. */
function isAgain(record: CallRecord, { outcome, words }: Ended): boolean {
  const isKept = outcome === 'refused' && record.outcome === 'cached';
  return (record.outcome === outcome || isKept) && wordsOf(record) === words;
}

const mostWords = 80;

function wordsOf({ text, answer }: CallRecord): string {
  return answer?.error?.message ?? text;
}

const ends: ReadonlySet<Outcome> = new Set(['error', 'degraded', 'empty', ...broken]);

function endedBadly({ outcome, servedBy }: CallRecord): boolean {
  return ends.has(outcome) || (outcome === 'refused' && isForced(servedBy));
}

/** A refusal of the provider's, not of the model's own: the question may get an answer later. */
function isForced(attempt: AttemptRecord | null): boolean {
  const forms = attempt?.effects.map(({ effect }) => effectMember(effect, 'form')) ?? [];
  return forms.includes('refusal') || forms.includes('content-filter');
}

function remember(known: Known, record: CallRecord): void {
  const { call, attempts, answer, outcome, caller } = record;
  for (const attempt of attempts) {
    if (failureOf(attempt) !== null) known.failed.set(attempt.start.attempt, attempt);
  }
  // A search among answers that are kept shows nothing of those who would have been asked.
  const [first, second] = attempts.filter(({ start }) => !start.vectors);
  if (isForced(record.servedBy)) known.well.calls = 0;
  else if (first && !second && failureOf(first) === null && answer?.kind === 'text') {
    if (known.well.calls++ === 0) known.well.since = call.t;
  } else if (attempts.length === 0 && call.repeats === undefined) known.well.calls = 0;
  if (!answer || caller) return;
  const question = call.repeats ?? call.call;
  const before = known.bad?.get(question);
  if (outcome === 'cached' && before && isAgain(record, before)) return;
  if (!endedBadly(record)) known.bad?.delete(question);
  // What no target takes fails again: whoever keeps that in mind spares everybody.
  else if (attempts.some((attempt) => failureOf(attempt) !== 'request')) {
    known.bad ??= new LRUCache({ max: mostKept });
    known.bad.set(question, { call: call.call, outcome, at: answer.t, words: wordsOf(record) });
  }
}
