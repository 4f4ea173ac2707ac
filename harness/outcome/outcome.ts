// The verdict on one call: what the caller got against what every attempt was to send and did send.
// The chain's own word counts only where the oracle cannot tell. Pure: all it knows is given.
import { HarnessError } from '../errors.ts';
import type { AnswerEvent, HungEvent } from '../history.ts';
import type { AttemptRecord, Outcome } from './call-record.ts';
import { fromElsewhere } from './elsewhere.ts';
import { errorBecause } from './error-because.ts';
import type { Evidence } from './evidence.ts';
import { answeredWhole, isWhole, piecesOf, textOf } from './evidence.ts';
import type { Finding, Judgement } from './finding.ts';
import { delivered, found, foundByVectors, saysCached, saysDegraded } from './finding.ts';
import { isDamaged } from './hole.ts';
import { leakIn } from './leak.ts';
import type { Origin } from './provenance.ts';
import { bentOriginOf, looseOriginOf, originOf } from './provenance.ts';
import { servingOf } from './serving.ts';
import { withoutSteps } from './session.ts';

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
  const whole = sentWhole(evidence, answer, text);
  if (whole) return whole;
  if (text === evidence.degradeText?.trim()) {
    return found('degraded', 'It is the reply of its own that the chain declares.');
  }
  const { known, pieces } = piecesOf(evidence);
  const exact = originOf(text, pieces);
  if (exact) return ofOrigin(evidence, exact, known);
  const answers = evidence.answersTo(evidence.call.sample).map((event) => event.text);
  const loose = looseOriginOf(text, pieces);
  if (loose?.kind === 'spliced') return ofOrigin(evidence, loose, known);
  const bent = answers.some((one) => one.trim() === text) ? null : bentOriginOf(text, pieces);
  if (bent?.kind === 'spliced') return ofOrigin(evidence, bent, known);
  // What its own attempts make up is no copy, though an earlier call fared alike.
  const elsewhere = bent?.kind === 'truncated' ? null : fromElsewhere(evidence, answer, text);
  if (elsewhere) return elsewhere;
  const heard = repliedIn(evidence);
  const thoughts = heard.flatMap((one) => textOf(evidence, one)?.reasoning ?? []);
  const leak = leakIn(text, heard, answers, thoughts);
  if (leak) return found('leaked', `The caller can read ${leak}.`);
  if (bent) return ofOrigin(evidence, bent, known);
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

/** Words that the oracle has never seen. */
function ownWords(evidence: Evidence, answer: AnswerEvent): Finding {
  if (saysDegraded(answer)) {
    return found('degraded', 'No target sent it, and the chain says that it is a degraded reply.');
  }
  const by = answeredWhole(evidence);
  if (!by && saysCached(answer)) {
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

function unknownKind(kind: never): never {
  throw new HarnessError(`An answer or a text of an unknown kind: ${JSON.stringify(kind)}`);
}
