// The caller of the chain: asks one question, reads the answer as a user's program would, and
// writes down what it got and when. It judges nothing.
import type { Ask, ChainAnswer, Question } from '../chains/chain.ts';
import { jsonIn } from '../checks/json.ts';
import { HarnessError } from '../errors.ts';
import type { AnswerEvent, CallerError, Hop, Meta } from '../history.ts';
import type { Sample } from '../workloads/workload.ts';

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
  return String(5_000_000 + call);
}

const slot = '{{ticket}}';

export function questionOf(sample: Sample, call: number): Question {
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
    const said = typeof meta === 'function' ? meta() : meta;
    return { kind: 'text', at: now(), first, text, ...(said ? { meta: said } : {}) };
  } catch (error) {
    if (error instanceof HarnessError) throw error;
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

function isPieces(value: unknown): value is AsyncIterable<string> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}

function noText(value: unknown, where: string): string {
  const what = value === null ? 'null' : typeof value;
  return `the chain gave ${what} as ${where}: return a string, an async iterable of strings, or { text, meta }`;
}

/** An error as the caller sees it: no stack, no object, nothing that differs between two runs. */
export function describeError(error: unknown): CallerError {
  if (!(error instanceof Error)) {
    return { name: typeof error, message: clip(String(error)), causes: [] };
  }
  // The AI SDK says statusCode where the providers' own SDKs say status.
  const status = Reflect.get(error, 'status') ?? Reflect.get(error, 'statusCode');
  const code = Reflect.get(error, 'code');
  const attempts = hops(Reflect.get(error, 'attempts'));
  return {
    name: error.constructor.name || error.name,
    message: clip(error.message),
    ...(typeof status === 'number' ? { status } : {}),
    ...(typeof code === 'string' ? { code } : {}),
    causes: causesOf(error),
    ...(attempts ? { attempts } : {}),
  };
}

function causesOf(error: Error): string[] {
  const causes: string[] = [];
  let cause: unknown = error.cause;
  while (cause instanceof Error && causes.length < 5) {
    const status = Reflect.get(cause, 'status');
    const code = Reflect.get(cause, 'code');
    const tags = [status, code].filter((tag) => tag !== undefined && tag !== null).join(' ');
    const name = cause.constructor.name || cause.name;
    causes.push(clip(`${name}: ${cause.message}${tags === '' ? '' : ` [${tags}]`}`));
    cause = cause.cause;
  }
  return causes;
}

function hops(value: unknown): Hop[] | null {
  if (!Array.isArray(value)) return null;
  const list = value.filter(
    (hop): hop is Hop => typeof hop?.target === 'string' && typeof hop?.outcome === 'string',
  );
  return list.map(({ target, outcome }) => ({ target, outcome: clip(outcome) }));
}

function clip(text: string): string {
  return text.length > 500 ? `${text.slice(0, 500)}…` : text;
}

/** False where the sample demands JSON and the text is none. */
export function isWellFormed(sample: Sample, text: string): boolean {
  return sample.schema === null || text === '' || jsonIn(text) !== undefined;
}
