// The caller of the chain: asks one question, reads the answer as a user's program would, and
// writes down what it got and when. It judges nothing.
import type { Ask, ChainAnswer, Question, Tool } from '../chains/chain.ts';
import { jsonIn } from '../checks/json.ts';
import { HarnessError } from '../errors.ts';
import type { AnswerEvent, CallerError, Meta } from '../history.ts';
import type { Sample } from '../workloads/workload.ts';
import { describeError, isOurs } from './caller-error.ts';
import { nthCanary } from './canary.ts';
import { metaOf } from './meta-of.ts';

/** What the caller got, without what only the trial knows (same text, score). */
export interface Got {
  kind: AnswerEvent['kind'];
  /** ms since the trial's start. */
  at: number;
  /** First character; null where none came. */
  first: number | null;
  text: string;
  error?: CallerError;
  meta?: Meta;
}

/** The ticket of a call: the same number of digits for every call, so that prompts stay alike. */
export function ticketOf(call: number): string {
  const canary = nthCanary(call);
  return String(canary === null ? 5_000_000 + call : 4_000_000 + canary);
}

const slot = '{{ticket}}';

export function questionOf(sample: Sample, call: number, tools: Tool[] = []): Question {
  const ticket = ticketOf(call);
  const prompt = sample.prompt.includes(slot)
    ? sample.prompt.replaceAll(slot, ticket)
    : `${sample.prompt}\n\n[ticket ${ticket}]`;
  const user = { role: 'user', content: prompt } as const;
  return {
    id: sample.id,
    prompt,
    system: sample.system,
    messages: sample.system === null ? [user] : [{ role: 'system', content: sample.system }, user],
    schema: sample.schema,
    family: sample.family,
    critical: sample.critical,
    tools,
  };
}

/** Asks and reads to the end. Never rejects, but for what is no answer at all (HarnessError). */
export async function askAndRead(
  ask: Ask,
  question: Question,
  signal: AbortSignal,
  now: () => number,
): Promise<Got> {
  let text = '';
  let first: number | null = null;
  const take = (piece: unknown): void => {
    if (typeof piece !== 'string') throw new HarnessError(noText(piece, 'a piece of its answer'));
    if (first === null && piece !== '') first = now();
    text += piece;
  };
  try {
    const answer = await ask(question, signal);
    const { pieces, meta } = partsOf(answer);
    if (typeof pieces === 'string') take(pieces);
    else for await (const piece of pieces) take(piece);
    const said = metaOf(typeof meta === 'function' ? meta() : meta);
    return { kind: 'text', at: now(), first, text, ...(said ? { meta: said } : {}) };
  } catch (error) {
    if (isOurs(error)) throw error;
    const kind = signal.aborted ? 'aborted' : 'error';
    return { kind, at: now(), first, text, error: describeError(error) };
  }
}

function partsOf(answer: ChainAnswer): {
  pieces: string | AsyncIterable<string>;
  meta: Meta | (() => Meta | undefined) | undefined;
} {
  if (typeof answer === 'string' || isPieces(answer)) return { pieces: answer, meta: undefined };
  if (typeof answer === 'object' && answer !== null && 'text' in answer) {
    const { text, meta } = answer;
    if (typeof text === 'string' || isPieces(text)) return { pieces: text, meta };
    throw new HarnessError(noText(text, '`text`'));
  }
  throw new HarnessError(noText(answer, 'its answer'));
}

/** The text of an answer where it comes piece by piece; null where it does not. */
export function piecesIn(answer: unknown): AsyncIterable<string> | null {
  if (isPieces(answer)) return answer;
  if (typeof answer !== 'object' || answer === null || !('text' in answer)) return null;
  return isPieces(answer.text) ? answer.text : null;
}

function isPieces(value: unknown): value is AsyncIterable<string> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}

function noText(value: unknown, where: string): string {
  const what = value === null ? 'null' : typeof value;
  return `the chain gave ${what} as ${where}: return a string, an async iterable of strings, or { text, meta }`;
}

/** False where the sample demands JSON and the text is none. */
export function isWellFormed(sample: Sample, text: string): boolean {
  return sample.schema === null || text === '' || jsonIn(text) !== undefined;
}
