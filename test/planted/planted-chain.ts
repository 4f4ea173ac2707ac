// A plain chain as teams write it: two attempts a target, then the next one. It keeps every rule,
// but for the one mistake that is planted in it. Its way of asking providers is the shipped one,
// its decisions are its own, so that the reference chain is no yardstick for what is wrong.
import { attempt } from '../../harness/chains/attempt.ts';
import { BadAnswer } from '../../harness/chains/attempt-error.ts';
import type { LimitSettings } from '../../harness/chains/attempt-limits.ts';
import type { Ask, Hop, Question } from '../../harness/chains/chain.ts';
import type { Failure } from '../../harness/chains/failure.ts';
import { failureOf } from '../../harness/chains/failure.ts';
import { parseReferenceSettings } from '../../harness/chains/reference-config.ts';
import type { Part, Target, TargetRequest } from '../../harness/chains/target.ts';
import { now, sleep } from '../../harness/chains/time.ts';
import type { Mistake } from './mistakes.ts';
import { targetsFor } from './sent-wrong.ts';

const unlimited = 2 ** 31 - 1;
const hintCapMs = 10_000;
const deadlineMs = 29_900;
const usual: LimitSettings = {
  headersMs: 9_000,
  firstTokenMs: 9_000,
  idleMs: 8_000,
  totalMs: 25_000,
};

export interface Planted {
  mistake: Mistake | null;
  /** YAML of `targets`, as the reference chain has it. */
  targets: string;
  stream: boolean;
}

export function plantedChain({ mistake, targets: yaml, stream }: Planted): () => Ask {
  const settings = parseReferenceSettings(
    `targets: ${yaml}\nattempt: { timeout: 20m }\n`,
    'planted.yaml',
  );
  return () => {
    const targets = targetsFor(mistake, settings);
    return async (question, signal) => {
      const call = new Call(mistake, targets, question, stream, signal);
      const pieces = call.walk();
      const first = await pieces.next();
      return { text: startingWith(first, pieces), meta: () => call.meta() };
    };
  };
}

async function* startingWith(
  first: IteratorResult<string, void>,
  rest: AsyncGenerator<string, void>,
): AsyncGenerator<string> {
  if (first.done) return;
  yield first.value;
  yield* rest;
}

/** The whole text, where it is JSON; else it is no answer. */
async function* asJson(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let text = '';
  for await (const piece of pieces) text += piece;
  try {
    JSON.parse(text.replace(/^```json|```$/g, ''));
  } catch {
    throw new BadAnswer('malformed', 'the answer is no JSON');
  }
  yield text;
}

class Call {
  readonly #mistake: Mistake | null;
  readonly #targets: readonly Target[];
  readonly #request: TargetRequest;
  readonly #signal: AbortSignal;
  readonly #until = now() + deadlineMs;
  readonly #hops: Hop[] = [];
  readonly #spentKeys = new Set<string>();
  #first: Failure | null = null;
  #last: Failure | null = null;
  #shown = '';
  #served: string | null = null;

  constructor(
    mistake: Mistake | null,
    targets: readonly Target[],
    { system, prompt, schema }: Question,
    stream: boolean,
    signal: AbortSignal,
  ) {
    this.#mistake = mistake;
    this.#targets = targets;
    this.#signal = signal;
    const asJson = typeof schema === 'object' && schema !== null ? { ...schema } : null;
    this.#request = {
      system,
      prompt,
      partial: '',
      tools: [],
      session: [],
      schema: asJson,
      maxTokens: 1024,
      stream,
    };
  }

  meta(): { served?: string; hops: Hop[] } {
    if (this.#mistake === 'names-nobody') return { served: this.#targets[0]?.name ?? '', hops: [] };
    return { ...(this.#served ? { served: this.#served } : {}), hops: this.#hops };
  }

  async *walk(): AsyncGenerator<string, void> {
    const rounds = this.#mistake === 'walks-twice' ? 5 : 1;
    for (let round = 0; round < rounds; round++) {
      this.#spentKeys.clear();
      for (const [index, target] of this.#targets.entries()) {
        if (this.#spentKeys.has(target.credential)) continue;
        const failure = yield* this.#target(target, this.#targets.length - index - 1);
        if (failure === null) return;
        if (this.#mustEnd(failure)) throw this.#told();
      }
    }
    throw this.#told();
  }

  /** Null: it has answered. */
  async *#target(target: Target, after: number): AsyncGenerator<string, Failure | null> {
    const most = this.#mistake === 'retries-multiply' ? 6 : this.#bent() ? 3 : 2;
    for (let count = 1; ; count++) {
      const failure = yield* this.#attempt(target, after);
      if (failure === null) return null;
      const { outcome } = failure;
      this.#hops.push({ target: target.name, outcome });
      this.#first ??= failure;
      this.#last = failure;
      const { credential } = target;
      const isSpent = failure.meaning === 'quota' || failure.meaning === 'auth';
      const wait = this.#waitMs(failure, count);
      if (count >= most || wait === null || this.#mustEnd(failure)) {
        if (isSpent) this.#spentKeys.add(credential);
        return failure;
      }
      await sleep(wait, this.#signal);
    }
  }

  #bent(): boolean {
    const bent: (Mistake | null)[] = ['retries-quota', 'retries-bad-requests', 'repeats-bad-form'];
    return bent.includes(this.#mistake);
  }

  async *#attempt(target: Target, after: number): AsyncGenerator<string, Failure | null> {
    let started = false;
    const asked = this.#mistake === 'announces-switch' ? (this.#targets[0] ?? target) : target;
    const watched: Target = {
      ...target,
      ask: (request, signal) =>
        this.#watched(asked.ask(request, signal), () => {
          started = true;
        }),
    };
    try {
      const pieces = attempt(watched, this.#request, this.#limits(after), this.#signal);
      for await (const piece of this.#mistake === 'repeats-bad-form' ? asJson(pieces) : pieces) {
        this.#shown += piece;
        this.#served = target.name;
        yield piece;
      }
      this.#hops.push({ target: target.name, outcome: 'complete' });
      this.#served = target.name;
      return null;
    } catch (error) {
      this.#signal.throwIfAborted();
      const failure = failureOf(error);
      const inBand = started && failure.outcome.startsWith('error in a 200');
      if (started && this.#mistake === 'commits-at-headers') throw error;
      if (inBand && failure.meaning === 'quota' && this.#mistake === 'in-band-quota-ends')
        throw error;
      return failure;
    }
  }

  /** The parts of an answer; a planted chain may take their mere end for a good one. */
  async *#watched(parts: AsyncIterable<Part>, begin: () => void): AsyncGenerator<Part> {
    let ended = false;
    for await (const part of parts) {
      if (part.kind === 'headers') begin();
      ended ||= part.kind === 'end';
      yield part;
    }
    if (!ended && this.#mistake === 'takes-any-end') yield { kind: 'end', ending: 'stop' };
  }

  #limits(after: number): LimitSettings {
    const left = this.#until - now();
    const share = after === 0 ? left : Math.max(left / 2, left - after * 9_000);
    const fair = (ms: number): number => Math.max(1, Math.min(ms, share));
    const { headersMs, firstTokenMs, idleMs, totalMs } = usual;
    const right: LimitSettings = {
      headersMs: fair(headersMs),
      firstTokenMs: fair(firstTokenMs),
      idleMs,
      totalMs: Math.max(1, Math.min(totalMs, left)),
    };
    switch (this.#mistake) {
      case 'no-idle-limit':
        return { ...right, idleMs: unlimited };
      case 'cuts-steady-streams':
        return { ...right, totalMs: 5_000 };
      case 'no-attempt-limit':
        return { headersMs: unlimited, firstTokenMs: unlimited, idleMs, totalMs: unlimited };
      case 'limit-ends-at-headers':
        return { ...right, firstTokenMs: unlimited, idleMs: unlimited, totalMs: unlimited };
      case 'no-deadline':
        return { headersMs: 25_000, firstTokenMs: 25_000, idleMs, totalMs };
      case 'primary-eats-deadline':
        return { headersMs: left, firstTokenMs: left, idleMs, totalMs: left };
      default:
        return right;
    }
  }

  /** ms before the same target is asked again; null: it is left. */
  #waitMs({ meaning, retry, hintMs }: Failure, count: number): number | null {
    if (this.#mistake === 'retries-multiply') return 40 * count;
    if (this.#mistake === 'retries-quota' && (meaning === 'quota' || meaning === 'auth'))
      return 300;
    if (this.#mistake === 'retries-bad-requests' && meaning === 'request') return 300;
    if (this.#mistake === 'repeats-bad-form' && meaning === 'bad-answer') return 300;
    if (hintMs !== null && this.#mistake === 'sleeps-the-hint') return hintMs;
    if (!retry || meaning === 'timeout') return null;
    if (this.#mistake === 'ignores-hint') return 50;
    if (hintMs !== null && hintMs > hintCapMs) return null;
    const wait = (hintMs ?? 0) + 300 * count * (1 + Math.random());
    return now() + wait + 2_000 < this.#until ? wait : null;
  }

  #mustEnd({ meaning }: Failure): boolean {
    if (this.#shown !== '') return this.#mistake !== 'restarts-after-payload';
    if (meaning === 'policy') return true;
    return this.#mistake === 'only-limits-move' && meaning !== 'rate-limit';
  }

  #told(): unknown {
    if (this.#mistake === 'says-nothing') return new Error('Something went wrong.');
    if (this.#mistake === 'second-error-hides-first') return this.#last?.cause;
    const tried = this.#hops.map(({ target, outcome }) => `${target}: ${outcome}`).join('; ');
    const error = new Error(`nobody answered (${tried})`, { cause: this.#first?.cause });
    return Object.assign(error, { attempts: this.#hops, status: 503 });
  }
}
