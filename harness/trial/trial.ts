// One trial: one scenario, one chain, one seed, in virtual time. Opens the network, lets the calls
// arrive, moves the clock until all is over, and writes the history. It judges nothing.
import type { Ask } from '../chains/chain.ts';
import type { Ending } from '../clock/clock.ts';
import { HarnessError } from '../errors.ts';
import type { HistoryEvent } from '../history.ts';
import { callScope } from '../network/network.ts';
import { OpenMap } from '../open-map.ts';
import { RunStopped } from '../upstream/live.ts';
import type { Upstream } from '../upstream/upstream.ts';
import { createUpstream } from '../upstream/upstream.ts';
import { AnswerEvents } from './answer-events.ts';
import { arriveAll } from './arrive.ts';
import type { Got } from './caller.ts';
import { askAndRead, questionOf, ticketOf } from './caller.ts';
import { CallerActions } from './caller-actions.ts';
import { describeError, isOurs, lostTo } from './caller-error.ts';
import { callEvent, NextCalls, openCall } from './next-calls.ts';
import { startChain } from './start-chain.ts';
import type { TicketedCall } from './tickets.ts';
import { Tickets } from './tickets.ts';
import { timersLeft } from './timers-left.ts';
import { ToolRuns } from './tool-runs.ts';
import { trialEvent, trialSeed } from './trial-event.ts';
import type { LiveTrial, TrialOptions, TrialResult } from './trial-options.ts';
import { liveParts } from './trial-options.ts';
import { type TwinParts, twinParts } from './twin.ts';

export type { LiveTrial, TrialOptions, TrialResult };

/** Runs to the end. Rejects with HarnessError; the history is then not whole. */
export async function runTrial(options: TrialOptions): Promise<TrialResult> {
  const trial = new Trial(options);
  return trial.run();
}

class Trial {
  readonly #of: TrialOptions;
  readonly #seed: number;
  readonly #twin: TwinParts;
  readonly #upstream: Upstream;
  readonly #next: NextCalls;
  readonly #callers: CallerActions;
  readonly #answers: AnswerEvents;
  readonly #tickets = new Tickets();
  readonly #tools: ToolRuns;
  /** Open calls, and how each is lost when the chain's process ends. */
  readonly #open = new OpenMap<(got: Got) => void>();
  #openAttempts = 0;
  #lastArrival = 0;
  #arrived = false;
  #failure: Error | null = null;
  /** What ended it before its last call. */
  #stopped: string | null = null;

  constructor(options: TrialOptions) {
    this.#of = options;
    const { scenario, book, chain, clock, twin } = options;
    const { now, timers } = clock;
    const record = (event: HistoryEvent): void => this.#record(event);
    const seed = trialSeed(options.seed, scenario.name, options.trial);
    this.#seed = seed;
    this.#twin = twinParts(twin, { rules: scenario.faults, seed, now, stream: chain.stream });
    this.#answers = new AnswerEvents(chain.degradeText, book.grade);
    this.#tools = new ToolRuns(record, now);
    const { live } = options;
    this.#next = new NextCalls(scenario, book.samples, seed, live?.before);
    this.#callers = new CallerActions({ rules: scenario.caller, seed, now, timers, record });
    this.#upstream = createUpstream({
      seed,
      book,
      targets: options.targets,
      wires: options.wires,
      schedule: this.#twin.schedule,
      bend: this.#twin.bend,
      record,
      now,
      epochMs: options.epochMs,
      keys: options.keys,
      answersStrays: options.clockKind === 'real',
      callOf: ({ body }, scope) => this.#tickets.callOf(body, scope),
      ...(live ? liveParts(live, this.#fail) : {}),
    });
  }

  async run(): Promise<TrialResult> {
    const { chain, network, clock, record } = this.#of;
    const { live } = this.#of;
    live?.started((by) => this.#fail(new RunStopped(by, null)));
    if (!live?.before.attempts) record(trialEvent(this.#of));
    for (const verdict of this.#of.judged ?? []) record(verdict);
    network.enter({ upstream: this.#upstream, timers: clock.timers, fail: this.#fail });
    this.#of.crashes?.listen((error) => this.#crash(error));
    try {
      const ask = await startChain({
        chain,
        twin: this.#of.twin,
        drive: (drive) => clock.drive(drive),
        failure: () => this.#failure,
        onBeat: () => this.#of.beat?.(0, clock.now()),
      });
      clock.begin?.();
      this.#arrive(ask);
      const ending = await this.#drive();
      this.#close(ending);
    } finally {
      this.#of.crashes?.listen(null);
      this.#tools.close();
      network.leave();
    }
    return { calls: this.#next.made, attempts: this.#upstream.attempts(), virtualMs: clock.now() };
  }

  /** What stops a live trial is no mistake: it ends with the calls that are open. */
  readonly #fail = (error: Error): void => {
    if (error instanceof RunStopped) {
      this.#stopped ??= error.by;
      const lose = error.call === null ? undefined : this.#open.get(error.call);
      lose?.({ kind: 'aborted', at: this.#of.clock.now(), first: null, text: '' });
    } else this.#failure ??= error;
  };

  #isEnough(): boolean {
    const most = this.#of.live?.calls ?? Number.POSITIVE_INFINITY;
    return this.#stopped !== null || this.#next.calls >= most || this.#twin.isEnough();
  }

  #arrive(ask: Ask): void {
    const { scenario, book, clock, live } = this.#of;
    const isEnough = (): boolean => this.#isEnough();
    const samples = book.samples.length;
    arriveAll(
      clock,
      { scenario, samples, seed: this.#seed, isEnough, ...(live ? { part: live } : {}) },
      (dueMs, canary) => this.#call(ask, dueMs, canary),
      () => {
        this.#arrived = true;
      },
    );
  }

  async #call(ask: Ask, dueMs: number, canary: boolean): Promise<void> {
    const { clock } = this.#of;
    const next = this.#next.next(canary);
    const { call, sample, repeats, follows } = next;
    const asker = repeats ?? follows ?? call;
    const lost = Promise.withResolvers<Got>();
    this.#open.set(call, lost.resolve);
    this.#lastArrival = clock.now();
    const opened = openCall(next);
    const healthy = this.#upstream.announce(opened, this.#of.primary);
    this.#record(callEvent(next, clock.now(), dueMs, healthy));
    const question = questionOf(sample, asker, this.#tools.of(call, sample));
    const ticketed: TicketedCall = { ...opened, ticket: ticketOf(asker) };
    this.#tickets.open(ticketed);
    const release = (): void => {
      this.#tickets.close(ticketed);
      this.#upstream.forget(call);
    };
    const action = this.#callers.begin(ticketed, release);
    const signal = action?.signal ?? new AbortController().signal;
    const asking = action?.asking(ask) ?? ask;
    try {
      const asked = callScope.run(ticketed, () => askAndRead(asking, question, signal, clock.now));
      const got = await Promise.race([asked, lost.promise, ...(action ? [action.gone] : [])]);
      if (!this.#open.delete(call)) return;
      this.#record(this.#answers.of(call, sample, got));
      this.#callers.settle(call);
      ticketed.overMs = clock.now();
      // A chain that was left may ask on for the call: it lets go in its own time.
      if (!action?.hasLeft) release();
    } catch (error) {
      this.#failure ??= error instanceof Error ? error : new Error(String(error));
    }
  }

  #drive(): Promise<Ending> {
    const { clock, beat } = this.#of;
    return clock.drive({
      isDone: () =>
        this.#failure !== null ||
        ((this.#arrived || this.#stopped !== null) &&
          this.#open.size === 0 &&
          this.#openAttempts === 0 &&
          this.#callers.isQuiet()),
      untilMs: () => this.#horizonMs(),
      onBeat: () => beat?.(this.#next.calls, clock.now()),
    });
  }

  /** A user of a closed loop whose call hangs never leaves: the end is counted from the loop's. */
  #horizonMs(): number {
    const { arrival, drain } = this.#of.scenario;
    if (this.#arrived || this.#stopped !== null) return this.#lastArrival + drain;
    return 'users' in arrival ? arrival.for + drain : Number.POSITIVE_INFINITY;
  }

  #close(ending: Ending): void {
    if (this.#failure) throw this.#failure;
    const now = this.#of.clock.now();
    if (ending.end === 'real-work') {
      throw new HarnessError(
        `the chain waits for ${ending.resource}, work outside virtual time that took more than 5 s: drill it with clock: real`,
      );
    }
    this.#upstream.closeAttempts();
    const how = { hung: 'proven', horizon: 'cut', done: 'cut' } as const;
    for (const call of this.#open.keys()) {
      this.#record({ e: 'hung', t: now, call, how: how[ending.end] });
    }
    this.#open.clear();
    this.#callers.close();
    const attempts = this.#upstream.attempts();
    const left = timersLeft(this.#of.clock.setTimers?.() ?? [], now);
    const stopped = this.#stopped === null ? {} : { stopped: this.#stopped };
    this.#record({ e: 'close', t: now, calls: this.#next.made, attempts, ...stopped, ...left });
    if (this.#failure) throw this.#failure;
  }

  /** In production the process would end here, and every call in flight with it. */
  #crash(error: unknown): void {
    if (isOurs(error)) {
      this.#failure ??= error;
      return;
    }
    const t = this.#of.clock.now();
    const cause = describeError(error);
    this.#record({ e: 'crash', t, error: cause });
    const lost = lostTo(cause);
    for (const lose of this.#open.values()) {
      lose({ kind: 'error', at: t, first: null, text: '', error: lost });
    }
  }

  #record(event: HistoryEvent): void {
    if (event.e === 'attempt') this.#openAttempts++;
    else if (event.e === 'end') this.#openAttempts--;
    else if (event.e === 'text') this.#answers.know(event);
    try {
      this.#of.record(event);
      this.#callers.event(event);
    } catch (error) {
      // A full disk is no fault of the chain, which may be what called us.
      this.#failure ??= error instanceof Error ? error : new Error(String(error));
    }
  }
}
