// The verdict on one call: what the caller got against what every attempt was to send and did send.
// The chain's own word counts only where the oracle cannot tell. Pure: all it knows is given.
import { HarnessError } from '../errors.ts';
import type { AnswerEvent, HungEvent } from '../history.ts';
import type { Earlier } from './answer-memory.ts';
import type { AttemptRecord, Outcome } from './call-record.ts';
import { errorBecause } from './error-because.ts';
import type { Evidence } from './evidence.ts';
import { answeredWhole, isWhole, piecesOf, textOf } from './evidence.ts';
import { isDamaged } from './hole.ts';
import { leakIn } from './leak.ts';
import type { Origin } from './provenance.ts';
import { looseOriginOf, originOf } from './provenance.ts';
import { servingOf } from './serving.ts';
import { withoutSteps } from './session.ts';
import { broughtSoundVectors } from './steps.ts';

export interface Judgement {
  outcome: Outcome;
  /** One sentence. */
  because: string;
  /** What the caller got, '' where nothing. */
  text: string;
  servedBy: AttemptRecord | null;
  cachedFrom: number | null;
}

type Finding = Omit<Judgement, 'text'>;

export function judge(evidence: Evidence): Judgement {
  const { answer, hung } = evidence;
  if (!answer) return { ...found('hung', hung ? hungBecause[hung.how] : neverEnded), text: '' };
  const text = answer.text ?? (answer.same ? evidence.textOf(answer.same)?.text : undefined) ?? '';
  switch (answer.kind) {
    case 'aborted':
      return { ...found('aborted', 'The caller gave up on it.'), text };
    case 'error':
      return { ...found('error', errorBecause(answer)), text };
    case 'text':
      return { ...judgeText(evidence, answer, text.trim()), text };
    default:
      return unknownKind(answer.kind);
  }
}

const neverEnded = 'The history ends before its answer.';

const hungBecause: Record<HungEvent['how'], string> = {
  proven: 'Nothing is left that could end it: no timer, no request.',
  cut: 'It was still open when the time to drain was over.',
  spinning: 'The chain was spinning and had to be stopped.',
};

function judgeText(evidence: Evidence, answer: AnswerEvent, text: string): Finding {
  const { rest, others, twice } = withoutSteps(evidence, text);
  const finding = twice
    ? found('spliced', twice.because, twice.by)
    : whereFrom({ ...evidence, attempts: others }, answer, rest);
  const broken = answer.wellFormed === false && judgedAfterForm.has(finding.outcome);
  if (!broken) return finding;
  const because = `It does not parse as the sample demands. ${finding.because}`;
  return { ...finding, outcome: 'malformed', because };
}

/** What follows `malformed` in the order of precedence. */
const judgedAfterForm: ReadonlySet<Outcome> = new Set([
  'refused',
  'degraded',
  'cached',
  'continued',
  'complete',
]);

/** The steps from what is certain to what is likely; the first that can tell decides. */
function whereFrom(evidence: Evidence, answer: AnswerEvent, text: string): Finding {
  if (text === '') return nothing(evidence);
  if (text === evidence.degradeText?.trim()) {
    return found('degraded', 'It is the reply of its own that the chain declares.');
  }
  const whole = sentWhole(evidence, answer, text);
  if (whole) return whole;
  const { known, pieces } = piecesOf(evidence);
  const exact = originOf(text, pieces);
  if (exact) return ofOrigin(evidence, exact, known);
  // What its own attempts make up is no copy, though an earlier call fared alike.
  const loose = looseOriginOf(text, pieces);
  if (loose?.kind === 'spliced') return ofOrigin(evidence, loose, known);
  const elsewhere = fromElsewhere(evidence, text);
  if (elsewhere) return elsewhere;
  const answers = evidence.answersTo(evidence.call.sample).map((event) => event.text);
  const heard = repliedIn(evidence);
  const thoughts = heard.flatMap((one) => textOf(evidence, one)?.reasoning ?? []);
  const leak = leakIn(text, heard, answers, thoughts);
  if (leak) return found('leaked', `The caller can read ${leak}.`);
  if (loose) return ofOrigin(evidence, loose, known);
  return ownWords(evidence, answer);
}

/** The attempts that the chain had heard of by then. */
function repliedIn({ attempts, until }: Evidence): AttemptRecord[] {
  return attempts.filter(({ reply }) => reply !== null && reply.t <= until);
}

function nothing(evidence: Evidence): Finding {
  const by =
    repliedIn(evidence).findLast(
      ({ reply, start }) => (reply?.status ?? 500) < 400 && !start.vectors,
    ) ?? null;
  const called = by?.reply?.calls ? ', with a tool call' : '';
  const whose = by ? `; ${by.target} was the last to answer${called}` : '';
  return found('empty', `There is no text in what was presented as an answer${whose}.`, by);
}

/** The way of nearly every call. */
function sentWhole(evidence: Evidence, answer: AnswerEvent, text: string): Finding | null {
  const senders = evidence.attempts.filter((attempt) => {
    const event = textOf(evidence, attempt);
    return event?.text.trim() === text && isWhole(attempt, event, evidence.until);
  });
  const by = servingOf(senders, answer);
  return by ? delivered(evidence, by, wholeBecause(by)) : null;
}

function wholeBecause({ target, end }: AttemptRecord): string {
  if (end && !end.marker) return `${target} sent every character of it, but no terminal marker.`;
  return `${target} sent it whole.`;
}

function ofOrigin(evidence: Evidence, origin: Origin, known: readonly AttemptRecord[]): Finding {
  const by = known[origin.by] ?? null;
  const whose = by?.target ?? 'a target';
  switch (origin.kind) {
    case 'whole':
      return delivered(evidence, by, `${whose} sent it whole.`);
    case 'framed':
      return delivered(evidence, by, `${whose} sent it whole; the chain put words around it.`);
    case 'truncated': {
      const words = `It is only a part of what ${whose} was to send, presented as an answer.`;
      return found('truncated', words, by);
    }
    case 'continued': {
      const first = known[origin.after]?.target ?? 'another';
      return delivered(
        evidence,
        by,
        `${whose} went on where ${first} broke off, without repeating it.`,
        'continued',
      );
    }
    case 'spliced': {
      const first = known[origin.after]?.target ?? 'another';
      const twice = `What ${whose} sent stands there more than once.`;
      const before = `What ${first} sent stands before what ${whose} sent.`;
      return found('spliced', origin.after === origin.by ? twice : before, by);
    }
    default:
      return unknownKind(origin);
  }
}

/** A whole answer that no attempt of this call sent whole. */
function fromElsewhere(evidence: Evidence, text: string): Finding | null {
  const stray = evidence.stray(text);
  if (stray) {
    const because = `${stray.target} sent it whole, in an attempt that cannot be attributed.`;
    return delivered(evidence, stray, because);
  }
  const earlier = evidence.earlier(text);
  const broken = earlier !== null && inherited.has(earlier.outcome);
  if (earlier && (earlier.known || broken || isOwnCopy(evidence, earlier))) {
    const outcome = broken ? earlier.outcome : 'cached';
    const what = outcome === 'cached' ? '' : `, which was ${outcome}`;
    const because = `No attempt of this call sent it; it is what call ${earlier.call} got${what}.`;
    // A polite reply may be the same every time without any cache.
    const from = outcome === 'degraded' ? null : earlier.call;
    return { ...found(outcome, because), cachedFrom: from };
  }
  const event = evidence
    .answersTo(evidence.call.sample)
    .find((known) => known.text.trim() === text);
  if (!event) return null;
  const because = `It is the answer of ${event.target}, which no attempt of this call sent whole.`;
  return { ...found('cached', because), cachedFrom: evidence.call.repeats ?? null };
}

/**
 * Words that no target has are from a cache where the same question got them before and nothing
 * else can have brought them: a chain may rework an answer, or excuse itself, alike each time.
 */
function isOwnCopy(evidence: Evidence, earlier: Earlier): boolean {
  if (earlier.sample !== evidence.call.sample || answeredWhole(evidence)) return false;
  return foundByVectors(evidence) === null;
}

/** A copy of a broken answer is as broken. */
const inherited: ReadonlySet<Outcome> = new Set([
  'spliced',
  'leaked',
  'truncated',
  'refused',
  'degraded',
]);

/** Words that the oracle has never seen. */
function ownWords(evidence: Evidence, answer: AnswerEvent): Finding {
  const { meta } = answer;
  if (meta?.degraded === true || meta?.served === 'degraded') {
    return found('degraded', 'No target sent it, and the chain says that it is a degraded reply.');
  }
  const by = answeredWhole(evidence);
  if (!by && (meta?.served === 'cache' || meta?.cachedMs !== undefined)) {
    const because = 'No attempt of this call sent an answer, and the chain says that it is cached.';
    return { ...found('cached', because), cachedFrom: evidence.call.repeats ?? null };
  }
  if (by && isDamaged(evidence, by, answer)) {
    return found('truncated', `A part of what ${by.target} sent is missing in the middle.`, by);
  }
  if (by) return delivered(evidence, by, `${by.target} sent an answer; the chain reworked it.`);
  const searched = foundByVectors(evidence);
  if (searched) return searched;
  const because = "No target had sent an answer: these are the application's own words.";
  return found('degraded', because);
}

/** A chain that asked for nothing but vectors answers with what it found by them. */
function foundByVectors({ attempts }: Evidence): Finding | null {
  const last = attempts.findLast(broughtSoundVectors);
  if (!last || attempts.some(({ start }) => !start.vectors)) return null;
  return found('complete', `The chain found it by itself, with vectors of ${last.target}.`);
}

/** An answer in good order, unless the target itself refused. */
function delivered(
  evidence: Evidence,
  by: AttemptRecord | null,
  because: string,
  outcome: 'complete' | 'continued' = 'complete',
): Finding {
  if (!by || !textOf(evidence, by)?.refusal) return found(outcome, because, by);
  return found('refused', `The answer is a refusal. ${because}`, by);
}

function found(outcome: Outcome, because: string, servedBy: AttemptRecord | null = null): Finding {
  return { outcome, because, servedBy, cachedFrom: null };
}

function unknownKind(kind: never): never {
  throw new HarnessError(`An answer or a text of an unknown kind: ${JSON.stringify(kind)}`);
}
