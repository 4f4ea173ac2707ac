// A fallback chain in small, over a world in which attempts fail in every way that the product can
// inject, so that the invariants can be held to thousands of calls: of a good chain, whose every
// habit is legitimate, and of chains with one flaw.

import { reasonOfStatus } from '../../harness/faults/status-reasons.ts';
import { failureOf } from '../../harness/invariants/failure-kind.ts';
import { effectMember } from '../../harness/outcome/effect-member.ts';
import type { Rng } from '../../harness/rng.ts';
import { stream } from '../../harness/rng.ts';
import type { AttemptSpec, CallSpec } from './histories.ts';
import { claude, gpt, History, inBand, lost, mini, ok, partly, status } from './histories.ts';

export type Flaw =
  | 'shows parts as answers'
  | 'glues answers'
  | 'gives up on errors inside a 200'
  | 'starts over'
  | 'waits for ever in the middle'
  | 'waits for ever for headers'
  | 'ignores hints'
  | 'sleeps through any hint'
  | 'retries without backoff'
  | 'retries spent quotas'
  | 'retries bad requests'
  | 'stops at a 404'
  | 'forgets the first cause'
  | 'names the primary'
  | 'believes words'
  | 'takes nothing for an answer'
  | 'hides refusals'
  | 'refuses only where it streams'
  | 'loses what comes in two reads'
  | 'sends one key to all'
  | 'leaves out the schema'
  | 'counts one attempt'
  | 'passes errors on';

export interface World {
  seed: number;
  calls: number;
  /** Only the primary fails; else all targets do. */
  primaryOnly: boolean;
  /** Errors inside a 200 come as their HTTP status. */
  asStatus?: boolean;
  /** Errors say what misleads. */
  otherWords?: boolean;
  /** The same bytes come in other reads. */
  otherReads?: boolean;
  /** It streams where it did not, and the other way round. */
  streamed?: boolean;
}

export const limits = {
  attempts: 6,
  idleMs: 3000,
  attemptMs: 8000,
  deadlineMs: 20_000,
  hintCapMs: 3000,
};
export const targets = [gpt, claude, mini];

type Fate = (at: number, target: string, rng: Rng) => AttemptSpec;

const fates: Fate[] = [
  ...[404, 408, 409, 425, 500, 503, 529].map(
    (code): Fate =>
      (at, target) =>
        status(target, at, code),
  ),
  ...[400, 413, 422].map(
    (code): Fate =>
      (at, target) =>
        status(target, at, code),
  ),
  (at, target) => status(target, at, 401),
  (at, target) => status(target, at, 429, { reason: 'quota' }),
  (at, target) => status(target, at, 429),
  (at, target) => status(target, at, 429, { hintMs: null }),
  (at, target, rng) => status(target, at, 429, { hintMs: rng.int(10) * 1000 }),
  (at, target) => status(target, at, 503, { hintMs: 90_000 }),
  ...(['refused', 'dns', 'tls', 'reset', 'fin'] as const).map(
    (how): Fate =>
      (at, target) =>
        lost(target, at, how),
  ),
  (at, target) => lost(target, at, 'fin', 300, { reply: { t: at + 50, status: 200 } }),
  (at, target) => lost(target, at, 'short', 300, { reply: { t: at + 50, status: 200 } }),
  // Silence: the chain decides when it ends.
  (at, target) => lost(target, at, 'open', 0),
  (at, target) => lost(target, at, 'open', 0, { reply: { t: at + 50, status: 200 } }),
  (at, target) => partly(target, at, { from: at + 300, to: at + 900, until: at, how: 'open' }),
  ...(['reset', 'fin', 'short'] as const).map(
    (how): Fate =>
      (at, target) =>
        partly(target, at, { from: at + 300, to: at + 900, until: at + 910, how }),
  ),
  (at, target) =>
    inBand(target, at, 'overloaded', { end: { first: at + 100, last: at + 190, chars: 50 } }),
  (at, target) => hollow(target, at, 'empty'),
  (at, target) => hollow(target, at, 'content-filter'),
];

/** A 200 with nothing in it. */
function hollow(target: string, at: number, form: string): AttemptSpec {
  const end = { first: null, last: null, chars: 0 };
  return ok(target, at, 400, { effect: { kind: 'degenerate', form }, end });
}

function formIn({ effect }: AttemptSpec): unknown {
  return effectMember(effect, 'form');
}

/** Open for some calls after failures in a row; a good chain may well have one. */
class Breakers {
  readonly #failures = new Map<string, number>();
  readonly #until = new Map<string, number>();

  isOpen(target: string, call: number): boolean {
    return call < (this.#until.get(target) ?? 0);
  }

  failed(target: string, call: number): void {
    const failures = (this.#failures.get(target) ?? 0) + 1;
    this.#failures.set(target, failures);
    if (failures >= 5) this.#until.set(target, call + 4);
  }

  succeeded(target: string): void {
    this.#failures.set(target, 0);
  }
}

/** One call of a chain that tells its own time in ms. */
class Call {
  readonly attempts: AttemptSpec[] = [];
  readonly #rng: Rng;
  readonly #flaw: Flaw | null;
  readonly #world: World;
  readonly #number: number;
  readonly #breakers: Breakers;
  /** Streams to its caller, so that payload commits it. */
  readonly #streams: boolean;
  #now = 0;
  #badKeys = new Set<string>();
  #firstRead: number | null = null;

  constructor(world: World, call: number, flaw: Flaw | null, breakers: Breakers) {
    this.#world = world;
    this.#breakers = breakers;
    this.#number = call;
    this.#flaw = flaw;
    this.#rng = stream(world.seed, 'call', call);
    this.#streams = this.#rng.int(2) === 0;
  }

  run(): CallSpec {
    for (let walk = 0; walk < (this.#flaw === 'starts over' ? 2 : 1); walk++) {
      for (const [index, target] of targets.entries()) {
        const ended = this.#ask(target, targets.length - index);
        if (ended) return ended;
      }
    }
    return this.#failed();
  }

  /** Null: on to the next target. */
  #ask(target: string, left: number): CallSpec | null {
    const provider = target.split('/')[0] ?? '';
    if (this.#badKeys.has(provider)) return null;
    if (this.#breakers.isOpen(target, this.#number)) return null;
    const most = this.#flaw === 'retries without backoff' ? 3 : 2;
    for (let attempt = 0; attempt < most; attempt++) {
      const share = (limits.deadlineMs - this.#now) / left;
      if (share < 200) return this.#failed();
      const spec = this.#send(target, Math.min(5000, share));
      const end = spec.end ?? {};
      this.#now = end.t ?? this.#now;
      if (end.marker) {
        const lost = this.#world.otherReads && this.#flaw === 'loses what comes in two reads';
        const form = lost ? 'lost' : formIn(spec);
        if (form === undefined) this.#breakers.succeeded(target);
        if (form === undefined) return this.#answered('complete');
        if (this.#flaw === 'takes nothing for an answer' && form === 'empty') return this.#empty();
        if (form === 'content-filter') return this.#refused();
        // An answer with nothing in it is of no use, and the same question gives the same.
        return null;
      }
      const kind = failureOf(this.#record(spec));
      this.#breakers.failed(target, this.#number);
      if ((end.chars ?? 0) > 0) {
        if (this.#streams) this.#firstRead ??= end.first ?? null;
        if (this.#flaw === 'shows parts as answers') return this.#answered('truncated');
        if (this.#flaw === 'glues answers') {
          const more = this.#push(ok(claude, this.#now + 10));
          this.#now = more.end?.t ?? this.#now;
          return this.#answered('spliced');
        }
        if (this.#streams) return this.#failed();
      }
      const wait = this.#waitAfter(spec, kind, provider);
      if (wait === 'error') return this.#failed();
      if (wait === null || attempt === most - 1) return null;
      this.#now += wait;
    }
    return null;
  }

  #waitAfter(spec: AttemptSpec, kind: string | null, provider: string): number | null | 'error' {
    const backoff = 250 + this.#rng.int(500);
    const hint = spec.reply?.hintMs ?? null;
    if (this.#flaw === 'believes words' && this.#world.otherWords) return 'error';
    if (spec.end?.inBand && this.#flaw === 'gives up on errors inside a 200') return 'error';
    if (spec.reply?.status === 404) return this.#flaw === 'stops at a 404' ? 'error' : null;
    switch (kind) {
      case 'credential':
        if (this.#flaw === 'retries spent quotas') return backoff;
        this.#badKeys.add(provider);
        return null;
      case 'request':
        return this.#flaw === 'retries bad requests' ? backoff : null;
      case 'rate-limit':
        if (hint === null) return this.#flaw === 'retries without backoff' ? 1 : backoff;
        if (this.#flaw === 'ignores hints') return backoff;
        if (this.#flaw === 'sleeps through any hint') return hint;
        return hint <= limits.hintCapMs ? hint : null;
      case 'silence':
        return null;
      default:
        return hint === null ? backoff : null;
    }
  }

  /** Nothing, as if that were the answer. */
  #empty(): CallSpec {
    return { outcome: 'empty', ends: this.#now };
  }

  #refused(): CallSpec {
    if (this.#flaw === 'hides refusals') return this.#empty();
    const streams = this.#world.streamed ?? false;
    return this.#flaw === 'refuses only where it streams' && !streams
      ? this.#empty()
      : this.#failed();
  }

  #send(target: string, limitMs: number): AttemptSpec {
    const at = this.#now;
    const spec = this.#push(this.#fate(at, target));
    if (spec.end?.how !== 'open') return spec;
    const last = spec.end.last ?? null;
    const middle = last !== null;
    const never =
      (middle && this.#flaw === 'waits for ever in the middle') ||
      (!middle && this.#flaw === 'waits for ever for headers');
    if (never) spec.end = { ...spec.end, t: at + 300_000, how: 'client-timeout' };
    else {
      const until = middle ? last + Math.min(limits.idleMs, limitMs) : at + limitMs;
      spec.end = { ...spec.end, t: until, how: 'aborted' };
    }
    return spec;
  }

  #fate(at: number, target: string): AttemptSpec {
    const healthy = this.#world.primaryOnly && target !== gpt;
    if (healthy || this.#rng.int(3) === 0) return ok(target, at, 500 + this.#rng.int(2000));
    const inside = this.#rng.int(6) === 0;
    if (inside && this.#world.asStatus) return status(target, at, 529, { reason: 'overloaded' });
    if (inside) return inBand(target, at, 'overloaded');
    const fate = fates[this.#rng.int(fates.length)] ?? ok;
    const spec = fate === ok ? ok(target, at) : (fate as Fate)(at, target, this.#rng);
    const { end, reply } = spec;
    if ((reply?.status ?? 0) >= 400)
      spec.effect = { kind: 'reject', rejection: { reason: reasonOf(reply) } };
    if (end?.inBand) spec.effect = { kind: 'error-event', rejection: { reason: end.inBand } };
    return end?.how === 'open' ? { ...spec, end: { ...end, how: 'open' } } : spec;
  }

  #push(spec: AttemptSpec): AttemptSpec {
    this.attempts.push({ ...spec, start: this.#sent(spec.target) });
    return this.attempts.at(-1) ?? spec;
  }

  /** What is wrong with the request itself. */
  #sent(target: string): NonNullable<AttemptSpec['start']> {
    const other = target !== gpt;
    if (this.#flaw === 'sends one key to all' && other)
      return { foreign: 'key', key: 'key of openai' };
    if (this.#flaw === 'leaves out the schema' && other) return { lacks: ['schema'] };
    const again = this.#flaw === 'passes errors on' && this.attempts.length > 0;
    return again ? { brings: { attempt: 0, what: 'error' } } : {};
  }

  /** The attempt as the judges will see it. */
  #record(spec: AttemptSpec): Parameters<typeof failureOf>[0] {
    const [call] = new History().call([spec], { outcome: 'error' }).records;
    const [attempt] = call?.attempts ?? [];
    if (!attempt) throw new Error('an attempt that was not made');
    return attempt;
  }

  #answered(outcome: 'complete' | 'truncated' | 'spliced'): CallSpec {
    const start = this.#number * 100_000;
    const target = this.attempts.at(-1)?.target ?? gpt;
    const served = this.#flaw === 'names the primary' ? gpt : target;
    const first = start + (this.#firstRead ?? this.#now);
    // Every attempt in this world is billed the same.
    const billed = 10 * (this.#flaw === 'counts one attempt' ? 1 : this.attempts.length);
    const usage = { input: billed, output: billed };
    return { outcome, ends: this.#now, answer: { first, meta: { served, usage } } };
  }

  #failed(): CallSpec {
    const told = this.attempts.map((spec) => {
      const status = spec.reply?.status ?? 200;
      return `${spec.target} ${status < 300 ? 'timed out' : status}`;
    });
    const causes = this.#flaw === 'forgets the first cause' ? [] : told;
    const error = { name: 'ChainError', message: 'nobody answered', causes };
    const first = this.#firstRead === null ? null : this.#number * 100_000 + this.#firstRead;
    return {
      outcome: 'error',
      ends: this.#now,
      answer: { first, chars: first === null ? 0 : 50, error },
    };
  }
}

/** As a rule would have said it. */
function reasonOf(reply: AttemptSpec['reply']): string {
  return reply?.reason ?? reasonOfStatus(reply?.status ?? 0);
}

export function simulate(world: World, flaw: Flaw | null = null): History {
  const history = new History();
  const breakers = new Breakers();
  for (let number = 1; number <= world.calls; number++) {
    const call = new Call(world, number, flaw, breakers);
    const spec = call.run();
    history.call(call.attempts, spec);
  }
  return history;
}
