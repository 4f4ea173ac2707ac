// Answers that no attempt of their call sent whole: those of attempts that nobody can attribute,
// and copies of what an earlier call got.
import type { AnswerEvent } from '../history.ts';
import type { Earlier } from './answer-memory.ts';
import type { Outcome } from './call-record.ts';
import type { Evidence } from './evidence.ts';
import { answeredWhole } from './evidence.ts';
import type { Finding } from './finding.ts';
import { delivered, found, foundByVectors, saysCached, saysDegraded } from './finding.ts';

/** Fewer characters, as those of a label, may be a chain's own and an answer to much else. */
const leastCopied = 24;

/** A whole answer that no attempt of this call sent whole. */
export function fromElsewhere(
  evidence: Evidence,
  answer: AnswerEvent,
  text: string,
): Finding | null {
  const stray = evidence.stray(text);
  if (stray) {
    const because = `${stray.target} sent it whole, in an attempt that cannot be attributed.`;
    return delivered(evidence, stray, because);
  }
  const earlier = evidence.earlier(text);
  const broken = earlier !== null && inherited.has(earlier.outcome);
  if (!broken && saysDegraded(answer)) return null;
  const { sample } = evidence.call;
  const isTelling = text.length >= leastCopied || saysCached(answer);
  const isCopy = earlier?.known === true && (isTelling || earlier.sample === sample);
  if (earlier && (isCopy || broken || isOwnCopy(evidence, earlier))) {
    const outcome = broken ? earlier.outcome : 'cached';
    const what = outcome === 'cached' ? '' : `, which was ${outcome}`;
    const because = `No attempt of this call sent it; it is what call ${earlier.call} got${what}.`;
    // A polite reply may be the same every time without any cache.
    const from = outcome === 'degraded' ? null : earlier.call;
    return { ...found(outcome, because), cachedFrom: from };
  }
  const event = evidence.answersTo(sample).find((known) => known.text.trim() === text);
  if (!event || !(isTelling || evidence.call.repeats !== undefined)) return null;
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
