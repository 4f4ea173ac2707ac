// A plain chain as teams write it: two attempts a target, then the next one. It keeps every rule,
// but for the one mistake that is planted in it. Its way of asking providers is the shipped one;
// its decisions are its own: what the reference chain does is no yardstick for what is wrong.
import type { Ended } from '../../../harness/chains/attempt.ts';
import { attempt } from '../../../harness/chains/attempt.ts';
import { BadAnswer } from '../../../harness/chains/attempt-error.ts';
import type { LimitSettings } from '../../../harness/chains/attempt-limits.ts';
import type { Ask, Hop, Meta, Question } from '../../../harness/chains/chain.ts';
import type { Failure } from '../../../harness/chains/failure.ts';
import { failureOf } from '../../../harness/chains/failure.ts';
import type { Meaning } from '../../../harness/chains/failure-meaning.ts';
import type { Part, Target, TargetRequest } from '../../../harness/chains/target.ts';
import { now, sleep } from '../../../harness/chains/time.ts';
import { inNameOf } from './in-name-of.ts';
import { leniencyOf, lenientChain } from './lenient-chain.ts';
import type { Mistake } from './mistakes.ts';
import { PlantedBill } from './planted-bill.ts';
import { PlantedBreaker } from './planted-breaker.ts';
import { plantedLimits } from './planted-limits.ts';
import { asJson, never, priceOf, unclosed } from './planted-parts.ts';
import { plantedTargets } from './planted-targets.ts';
import { PlantedTools } from './planted-tools.ts';
import { continuedOtherwise, prefilled } from './prefilled.ts';

/** How a turn ended well; `tools`: the next one is due. */
type Turn = 'answered' | 'tools';

const hintCapMs = 10_000;
const deadlineMs = 29_900;

export interface Planted {
  mistake: Mistake | null;
  /** YAML of `targets`, as the reference chain has it, and google/MODEL. */
  targets: string;
  stream: boolean;
}

export function plantedChain({ mistake, targets: yaml, stream }: Planted): () => Ask {
  const lenient = leniencyOf(mistake);
  if (lenient) return lenientChain(lenient, { targets: yaml, stream });
  const createTargets = plantedTargets(yaml, mistake);
  return () => {
    const targets = createTargets();
    const breaker = new PlantedBreaker(mistake);
    return async (question, caller) => {
      const signal = mistake === 'goes-on-alone' ? never : caller;
      const call = new Call({ mistake, targets, breaker, question, stream, signal });
      breaker.begin();
      const pieces = call.walk();
      const first = await pieces.next();
      return { text: startingWith(first, pieces), meta: () => call.meta() };
    };
  };
}

interface CallOptions {
  mistake: Mistake | null;
  targets: readonly Target[];
  breaker: PlantedBreaker;
  question: Question;
  stream: boolean;
  signal: AbortSignal;
}

async function* startingWith(
  first: IteratorResult<string, void>,
  rest: AsyncGenerator<string, void>,
): AsyncGenerator<string> {
  if (first.done) return;
  yield first.value;
  yield* rest;
}

class Call {
  readonly #mistake: Mistake | null;
  readonly #targets: readonly Target[];
  #request: TargetRequest;
  readonly #breaker: PlantedBreaker;
  #signal: AbortSignal;
  readonly #until = now() + deadlineMs;
  readonly #hops: Hop[] = [];
  readonly #tools: PlantedTools;
  readonly #bill: PlantedBill;
  readonly #spentKeys = new Set<string>();
  #first: Failure | null = null;
  #last: Failure | null = null;
  /** What the caller has read of this turn, and whether anything before. */
  #shown = '';
  #spoke = false;
  #served: string | null = null;

  constructor({ mistake, targets, breaker, question, stream, signal }: CallOptions) {
    const { system, prompt, schema, tools } = question;
    this.#mistake = mistake;
    this.#targets = targets;
    this.#breaker = breaker;
    this.#signal = signal;
    this.#tools = new PlantedTools(tools, mistake);
    this.#bill = new PlantedBill(mistake, targets[0]?.name ?? '');
    const asJson = typeof schema === 'object' && schema !== null ? { ...schema } : null;
    this.#request = {
      system,
      prompt,
      partial: '',
      tools,
      session: [],
      schema: asJson,
      maxTokens: 1024,
      stream: stream && mistake !== 'asks-whole',
    };
  }

  meta(): Meta {
    if (this.#mistake === 'names-nobody' || this.#mistake === 'hides-refusals')
      return inNameOf(this.#targets[0]?.name);
    const served = this.#served ? { served: this.#served } : {};
    return { ...served, hops: this.#hops, ...this.#bill.meta(this.#served) };
  }

  async *walk(): AsyncGenerator<string, void> {
    const rounds = this.#mistake === 'walks-twice' ? 5 : 1;
    for (let round = 0; round < rounds; round++) {
      this.#spentKeys.clear();
      for (const [index, target] of this.#reach().entries()) {
        if (this.#spentKeys.has(target.credential)) continue;
        const failure = yield* this.#turns(target, this.#targets.length - index - 1);
        if (failure === null) {
          this.#breaker.end(this.#first !== null);
          return;
        }
        if (this.#mustEnd(failure)) throw this.#told();
        this.#tools.leave();
      }
    }
    throw this.#told();
  }

  /** The targets that it ever gets to. */
  #reach(): readonly Target[] {
    if (this.#mistake === 'stays-on-first') return this.#targets.slice(0, 1);
    if (this.#mistake === 'stops-after-two') return this.#targets.slice(0, 2);
    return this.#breaker.open(this.#targets);
  }

  /** One turn of a session after the other. Null: it has answered. */
  async *#turns(target: Target, after: number): AsyncGenerator<string, Failure | null> {
    for (;;) {
      const ended = yield* this.#target(target, after);
      if (ended === 'answered') return null;
      if (ended !== 'tools') return ended;
    }
  }

  async *#target(target: Target, after: number): AsyncGenerator<string, Failure | Turn> {
    for (let count = 1; ; count++) {
      const failure = yield* this.#attempt(target, after);
      if (typeof failure === 'string') return failure;
      const { outcome } = failure;
      this.#hops.push({ target: target.name, outcome });
      this.#first ??= failure;
      this.#last = failure;
      this.#breaker.failed(target, failure);
      const { credential } = target;
      const isSpent = failure.meaning === 'quota' || failure.meaning === 'auth';
      const wait = this.#waitMs(failure, count);
      const ends = this.#mistake !== 'asks-on-after-payload' && this.#mustEnd(failure);
      if (count >= this.#most() || wait === null || ends) {
        if (isSpent) this.#spentKeys.add(credential);
        return failure;
      }
      await sleep(wait, this.#signal);
    }
  }

  #most(): number {
    switch (this.#mistake) {
      case 'retries-multiply':
        return 6;
      case 'asks-on-after-payload':
        return 8;
      case 'retries-quota':
      case 'retries-bad-requests':
      case 'repeats-bad-form':
      case 'no-backoff':
      case 'stays-on-first':
        return 3;
      default:
        return 2;
    }
  }

  async *#attempt(target: Target, after: number): AsyncGenerator<string, Failure | Turn> {
    let started = false;
    let calling = false;
    const asked = this.#mistake === 'announces-switch' ? (this.#targets[0] ?? target) : target;
    const leaks = this.#mistake === 'leaks-connections';
    const watched: Target = {
      ...target,
      ask: (request, signal) =>
        this.#watched(leaks ? unclosed(asked, request) : asked.ask(request, signal), ({ kind }) => {
          started ||= kind === 'headers';
          calling ||= kind === 'progress';
        }),
    };
    try {
      const limits = this.#limits(after);
      const pieces = this.#ask(watched, this.#asked(), limits);
      const whole = this.#mistake === 'repeats-bad-form' ? asJson(pieces) : pieces;
      const ended = yield* this.#show(whole, target.name);
      this.#served = target.name;
      if (ended.ending !== 'tools') {
        this.#hops.push({ target: target.name, outcome: 'complete' });
        return 'answered';
      }
      this.#hops.push({ target: target.name, outcome: 'tool calls' });
      await this.#tools.run(this.#shown, ended.calls);
      this.#spoke ||= this.#shown !== '';
      this.#shown = '';
      return 'tools';
    } catch (error) {
      if (this.#signal.aborted) this.#aborted(target);
      if (calling) await this.#tools.breakOff();
      const failure = failureOf(error);
      this.#bill.failed(target.name);
      this.#throwIfFatal(failure, started);
      return yield* this.#mended(target, failure);
    }
  }

  #aborted(target: Target): void {
    this.#breaker.failed(target, null);
    if (this.#mistake === 'abort-moves-on') this.#signal = never;
    else throw this.#signal.reason;
  }

  /** What an attempt says, as the caller reads it. */
  async *#show(pieces: AsyncGenerator<string, Ended>, from: string): AsyncGenerator<string, Ended> {
    const mute = this.#mistake === 'asks-on-after-payload' && this.#shown !== '';
    try {
      for (;;) {
        const next = await pieces.next();
        if (next.done) return next.value;
        if (mute) continue;
        const apart = this.#shown === '' && this.#spoke ? '\n\n' : '';
        this.#shown += next.value;
        this.#served = from;
        yield apart + next.value;
      }
    } finally {
      await pieces.return({ ending: 'stop', calls: [] });
    }
  }

  #ask(target: Target, request: TargetRequest, limits: LimitSettings) {
    this.#bill.asked();
    return attempt(target, request, limits, this.#signal, (usage) =>
      this.#bill.counted(target.name, usage),
    );
  }

  #asked(): TargetRequest {
    const { prompt } = this.#request;
    const told = this.#mistake === 'tells-of-errors' && this.#last ? said(this.#last) : '';
    return { ...this.#request, prompt: prompt + told, session: this.#tools.turns };
  }

  /** Errors that a chain with this mistake does not look at. */
  #throwIfFatal({ meaning, outcome, cause }: Failure, started: boolean): void {
    if (!started) {
      if (this.#mistake === 'only-streams-move') throw cause;
      return;
    }
    const inBand = outcome.startsWith('error in a 200');
    if (this.#mistake === 'commits-at-headers') throw cause;
    if (inBand && this.#mistake === 'in-band-is-fatal') throw cause;
    if (inBand && meaning === 'quota' && this.#mistake === 'in-band-quota-ends') throw cause;
  }

  /** What is done about a broken stream beside the walk: nothing, in a good chain. */
  async *#mended(target: Target, failure: Failure): AsyncGenerator<string, Failure | Turn> {
    if (this.#shown === '') {
      return this.#isContent(failure.cause) ? 'answered' : failure;
    }
    if (this.#mistake === 'continues-by-prefill') {
      const next = this.#targets.find(({ name }) => name !== target.name);
      if (next) yield* prefilled(next.name, this.#request.prompt, this.#shown);
      return 'answered';
    }
    const otherwise = continuedOtherwise(this.#mistake, this.#asked(), this.#shown);
    const [, next] = this.#targets;
    if (otherwise && next) {
      this.#hops.push({ target: target.name, outcome: failure.outcome });
      yield* this.#show(this.#ask(next, otherwise, this.#limits(0)), next.name);
      this.#hops.push({ target: next.name, outcome: 'complete' });
      return 'answered';
    }
    if (this.#mistake !== 'replays-unstreamed' || !this.#request.stream) return failure;
    this.#tools.startOver();
    this.#request = { ...this.#request, stream: false };
    return yield* this.#attempt(target, 0);
  }

  /** Whether it is content with an answer that is none. */
  #isContent(cause: unknown): boolean {
    if (this.#mistake === 'any-200-is-success') return cause instanceof BadAnswer;
    const isCareless = this.#mistake === 'empty-is-success' || this.#mistake === 'filter-is-stop';
    return isCareless && isNothing(cause);
  }

  /** The parts of an answer; a planted chain may take their mere end for a good one. */
  async *#watched(parts: AsyncIterable<Part>, see: (part: Part) => void): AsyncGenerator<Part> {
    let ended = false;
    for await (const part of parts) {
      see(part);
      ended ||= part.kind === 'end';
      const filtered = part.kind === 'end' && part.ending === 'refusal';
      const passes = filtered && this.#mistake === 'filter-is-stop';
      yield passes ? { ...part, ending: 'stop' } : part;
    }
    if (!ended && this.#mistake === 'takes-any-end') yield { kind: 'end', ending: 'stop' };
  }

  #limits(after: number): LimitSettings {
    return plantedLimits(this.#mistake, this.#until - now(), after);
  }

  /** ms before the same target is asked again; null: it is left. */
  #waitMs({ meaning, retry, hintMs, cause }: Failure, count: number): number | null {
    if (this.#mistake === 'retries-multiply') return 40 * count;
    if (this.#mistake === 'asks-on-after-payload') return 20;
    if (this.#mistake === 'retries-quota' && (meaning === 'quota' || meaning === 'auth'))
      return 300;
    if (this.#mistake === 'retries-bad-requests' && meaning === 'request') return 300;
    if (isMisread(this.#mistake, meaning, cause)) return 300;
    if (this.#mistake === 'believes-words' && speaksOfRequest(cause)) return null;
    if (this.#mistake === 'repeats-bad-form' && meaning === 'bad-answer') return 300;
    if (hintMs !== null && this.#mistake === 'sleeps-the-hint') return hintMs;
    if (this.#mistake === 'repeats-after-timeouts' && meaning === 'timeout') return 2_000;
    if (!retry || meaning === 'timeout') return null;
    if (this.#mistake === 'ignores-hint') return 50;
    if (this.#mistake === 'no-backoff' && hintMs === null) return 0;
    if (hintMs !== null && hintMs > hintCapMs) return null;
    // Wide enough for a crowd that was turned away at once.
    const spread = this.#mistake === 'wakes-in-step' ? 0 : 6 * Math.random();
    const wait = (hintMs ?? 0) + 300 * count * (1 + spread);
    return now() + wait + 2_000 < this.#until ? wait : null;
  }

  #mustEnd({ meaning, outcome, cause }: Failure): boolean {
    if (this.#shown !== '') return this.#mistake !== 'restarts-after-payload';
    if (this.#mistake === 'believes-words' && speaksOfRequest(cause)) return true;
    if (meaning === 'policy') return this.#mistake !== 'hides-refusals';
    if (meaning === 'timeout' && this.#mistake === 'timeout-is-abort') return true;
    if (this.#mistake === 'only-statuses-move') return meaning === 'connection';
    if (this.#mistake === 'sentinel-ends') return outcome.startsWith('424');
    return this.#mistake === 'only-limits-move' && meaning !== 'rate-limit';
  }

  #told(): unknown {
    if (this.#mistake === 'counts-absent-usage') priceOf(this.#first?.cause);
    if (this.#mistake === 'says-nothing') return new Error('Something went wrong.');
    if (this.#mistake === 'second-error-hides-first') return this.#last?.cause;
    const tried = this.#hops.map(({ target, outcome }) => `${target}: ${outcome}`).join('; ');
    const error = new Error(`nobody answered (${tried})`, { cause: this.#first?.cause });
    return Object.assign(error, { attempts: this.#hops, status: 503 });
  }
}

function isNothing(error: unknown): boolean {
  return error instanceof BadAnswer && error.what !== 'malformed';
}

function speaksOfRequest(cause: unknown): boolean {
  return cause instanceof Error && /invalid request|context length|413/i.test(cause.message);
}

/** A wrong key is known by its status; for the rest the words decide. */
function isMisread(mistake: Mistake | null, meaning: Meaning, cause: unknown): boolean {
  if (meaning === 'auth' || !(cause instanceof Error)) return false;
  if (mistake === 'reads-digits') return /429|50[0-4]/.test(cause.message);
  return mistake === 'reads-words' && /overloaded/i.test(cause.message);
}

/** What a failure said, as a part of the next question. */
function said({ cause }: Failure): string {
  return `\n\nBefore that: ${cause instanceof Error ? cause.message : 'an error'}`;
}
