// One trial: one scenario, one chain, one seed, in virtual time. Opens the network, lets the calls
// arrive, moves the clock until all is over, and writes the history. It judges nothing.
import type { AnswerBook } from './answer-book.ts';
import type { Due } from './arrival.ts';
import { openArrivals, Questions } from './arrival.ts';
import { askAndRead, isWellFormed, questionOf } from './caller.ts';
import type { Ask, Chain } from './chains/chain.ts';
import { grade } from './checks/grade.ts';
import type { Ending } from './clock.ts';
import { HarnessError, messageOf } from './errors.ts';
import type { HistoryEvent, Recorder } from './history.ts';
import type { Network } from './network.ts';
import { callScope } from './network.ts';
import { mix, stream } from './rng.ts';
import type { Scenario } from './scenario.ts';
import { createSchedule } from './schedule.ts';
import { settingOf } from './setting.ts';
import type { Targets } from './targets.ts';
import type { TwinKind } from './twin.ts';
import { twinSchedule } from './twin.ts';
import type { Upstream } from './upstream.ts';
import { createUpstream } from './upstream.ts';
import type { Timers } from './virtual-response.ts';
import type { Wire } from './wires/wire.ts';

/** The clock as a trial needs it; virtual time has it, and so has real time. */
export interface TrialClock {
  /** ms since the trial's start. */
  now(): number;
  timers: Timers;
  drive(options: { isDone(): boolean; untilMs: () => number; onBeat?(): void }): Promise<Ending>;
}

export interface TrialOptions {
  scenario: Scenario;
  chain: Chain;
  primary: string;
  /** From 1. */
  trial: number;
  seed: number;
  twin: TwinKind | null;
  book: AnswerBook;
  targets: Targets;
  wires: Wire[];
  network: Network;
  clock: TrialClock;
  epochMs: number;
  keys: Record<string, string>;
  record: Recorder;
  /** Tells a watchdog which call ran last, and that the trial lives. */
  beat?(call: number, nowMs: number): void;
}

export interface TrialResult {
  calls: number;
  attempts: number;
  virtualMs: number;
}

/** The seed of a trial: the same for every chain, so that comparisons share their random numbers. */
export function trialSeed(seed: number, scenario: string, trial: number): number {
  return mix(seed, scenario, trial);
}

/** Runs to the end. Rejects with HarnessError; the history is then not whole. */
export async function runTrial(options: TrialOptions): Promise<TrialResult> {
  const trial = new Trial(options);
  return trial.run();
}

class Trial {
  readonly #of: TrialOptions;
  readonly #seed: number;
  readonly #upstream: Upstream;
  readonly #questions: Questions;
  readonly #texts = new Map<string, Map<string, { id: string; score: number | null }>>();
  readonly #open = new Map<number, Due>();
  #openAttempts = 0;
  #calls = 0;
  #lastArrival = 0;
  #arrived = false;
  #failure: Error | null = null;

  constructor(options: TrialOptions) {
    this.#of = options;
    this.#seed = trialSeed(options.seed, options.scenario.name, options.trial);
    this.#questions = new Questions(options.scenario, options.book.samples, this.#seed);
    const schedule = createSchedule(options.scenario.faults, this.#seed);
    this.#upstream = createUpstream({
      seed: this.#seed,
      book: options.book,
      targets: options.targets,
      wires: options.wires,
      schedule: options.twin === null ? schedule : twinSchedule(schedule, options.twin),
      record: (event) => this.#record(event),
      now: options.clock.now,
      epochMs: options.epochMs,
      keys: options.keys,
    });
  }

  async run(): Promise<TrialResult> {
    const { scenario, chain, network, clock, record } = this.#of;
    record({
      e: 'trial',
      v: 1,
      scenario: scenario.name,
      description: scenario.description,
      chain: chain.name,
      trial: this.#of.trial,
      seed: this.#of.seed,
      clock: 'virtual',
      primary: this.#of.primary,
      ...(chain.targets.length > 0 ? { targets: chain.targets } : {}),
      degradeText: chain.degradeText,
      twin: this.#of.twin,
      setting: settingOf(this.#of),
    });
    network.enter({
      upstream: this.#upstream,
      timers: clock.timers,
      fail: (error) => {
        this.#failure ??= error;
      },
    });
    try {
      const ask = await this.#started(chain);
      this.#arrive(ask);
      const ending = await this.#drive();
      this.#close(ending);
    } finally {
      network.leave();
    }
    const totals = { calls: this.#calls, attempts: this.#upstream.attempts() };
    return { ...totals, virtualMs: clock.now() };
  }

  /** A factory may await; its timers are virtual, so the clock has to move. */
  async #started(chain: Chain): Promise<Ask> {
    const { clock } = this.#of;
    let ask: Ask | null = null;
    let failed: unknown = null;
    const made = async (): Promise<void> => {
      ask = await chain.factory();
    };
    made().catch((error: unknown) => {
      failed = error ?? new Error('the factory of the chain failed');
    });
    await clock.drive({
      isDone: () => ask !== null || failed !== null || this.#failure !== null,
      untilMs: () => Number.POSITIVE_INFINITY,
    });
    if (this.#failure) throw this.#failure;
    if (failed) throw new HarnessError(`the factory of ${chain.name} threw: ${messageOf(failed)}`);
    if (ask === null) throw new HarnessError(`the factory of ${chain.name} never finished`);
    if (typeof ask !== 'function') {
      throw new HarnessError(
        `the factory of ${chain.name} returned no function: write "export default () => async (sample, signal) => text"`,
      );
    }
    return ask;
  }

  #arrive(ask: Ask): void {
    const { arrival } = this.#of.scenario;
    if ('users' in arrival) this.#closedLoop(ask, arrival.users, arrival.think, arrival.for);
    else this.#openLoop(ask, openArrivals(arrival, this.#of.book.samples.length, this.#seed));
  }

  #openLoop(ask: Ask, arrivals: Generator<number>): void {
    const { timers, now } = { timers: this.#of.clock.timers, now: this.#of.clock.now };
    const next = (): void => {
      const due = arrivals.next();
      if (due.done) {
        this.#arrived = true;
        return;
      }
      const at = due.value;
      const run = (): void => {
        this.#call(ask, at);
        next();
      };
      timers.set(run, Math.max(0, at - now()));
    };
    next();
  }

  #closedLoop(ask: Ask, users: number, thinkMs: number, forMs: number): void {
    const { timers, now } = { timers: this.#of.clock.timers, now: this.#of.clock.now };
    let left = users;
    const pause = stream(this.#seed, 'think');
    const user = (): void => {
      if (now() >= forMs) {
        if (--left === 0) this.#arrived = true;
        return;
      }
      this.#call(ask, now()).then(() => {
        const think = thinkMs === 0 ? 1 : Math.max(1, Math.round(pause.exponential(thinkMs)));
        timers.set(user, think);
      });
    };
    for (let i = 0; i < users; i++) timers.set(user, 1 + pause.int(Math.max(1, thinkMs)));
  }

  async #call(ask: Ask, dueMs: number): Promise<void> {
    const { clock } = this.#of;
    const call = ++this.#calls;
    const { sample, repeats } = this.#questions.next(call);
    const due: Due = { call, sample, dueMs, repeats };
    this.#open.set(call, due);
    this.#lastArrival = clock.now();
    const opened = { call, sample: sample.id };
    const healthy = this.#upstream.announce(opened, this.#of.primary);
    this.#record({
      e: 'call',
      t: clock.now(),
      call,
      sample: sample.id,
      due: dueMs,
      ...(repeats === null ? {} : { repeats }),
      ...(healthy === null ? {} : { healthy }),
    });
    const question = questionOf(sample, repeats ?? call);
    const signal = new AbortController().signal;
    try {
      const got = await callScope.run(opened, () => askAndRead(ask, question, signal, clock.now));
      if (!this.#open.delete(call)) return;
      const same = this.#texts.get(sample.id)?.get(got.text);
      // A polite reply is no malformed answer: it does not pretend to be one.
      const polite = got.meta?.degraded === true || got.text === this.#of.chain.degradeText;
      const text = same || got.text === '' ? {} : { text: got.text };
      this.#record({
        e: 'answer',
        t: got.at,
        call,
        kind: got.kind,
        first: got.first,
        chars: got.text.length,
        ...(same ? { same: same.id } : text),
        score: same ? same.score : scoreOf(sample.checks, got.text),
        ...(polite || isWellFormed(sample, got.text) ? {} : { wellFormed: false as const }),
        ...(got.error ? { error: got.error } : {}),
        ...(got.meta ? { meta: got.meta } : {}),
      });
      this.#upstream.forget(call);
    } catch (error) {
      this.#failure ??= error instanceof Error ? error : new Error(String(error));
    }
  }

  #drive(): Promise<Ending> {
    const { clock, scenario, beat } = this.#of;
    return clock.drive({
      isDone: () =>
        this.#failure !== null ||
        (this.#arrived && this.#open.size === 0 && this.#openAttempts === 0),
      untilMs: () =>
        this.#arrived ? this.#lastArrival + scenario.drain : Number.POSITIVE_INFINITY,
      onBeat: () => beat?.(this.#calls, clock.now()),
    });
  }

  #close(ending: Ending): void {
    if (this.#failure) throw this.#failure;
    const now = this.#of.clock.now();
    if (ending.end === 'real-work') {
      throw new HarnessError(
        `the chain waits for ${ending.resource}, work outside virtual time that took more than 5 s: drill it with clock: real`,
      );
    }
    const how = { hung: 'proven', horizon: 'cut', spinning: 'spinning', done: 'cut' } as const;
    for (const call of this.#open.keys()) {
      this.#record({ e: 'hung', t: now, call, how: how[ending.end] });
    }
    this.#open.clear();
    this.#of.record({
      e: 'close',
      t: now,
      calls: this.#calls,
      attempts: this.#upstream.attempts(),
    });
  }

  #record(event: HistoryEvent): void {
    if (event.e === 'attempt') this.#openAttempts++;
    else if (event.e === 'end') this.#openAttempts--;
    else if (event.e === 'text') {
      const known = this.#texts.get(event.sample) ?? new Map();
      if (!known.has(event.text)) known.set(event.text, { id: event.id, score: event.score });
      this.#texts.set(event.sample, known);
    }
    this.#of.record(event);
  }
}

/** An empty text is worth nothing; one without checks is not scored. */
function scoreOf(checks: Parameters<typeof grade>[0], text: string): number | null {
  return checks.length === 0 ? null : grade(checks, text).score;
}
