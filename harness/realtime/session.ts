// What a server plays, one trial after the other in one history: a scenario that is chosen while it
// runs begins a new trial, from whose start the windows of its faults count.
import type { HistoryEvent } from '../history.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { OpenCall } from '../upstream/answers.ts';
import type { Served } from '../upstream/upstream.ts';
import type { RawRequest } from '../wires/wire.ts';
import type { LiveHistory } from './live-history.ts';
import type { PlayedTrial } from './played-trial.ts';
import { playTrial } from './played-trial.ts';
import { realClock } from './real-clock.ts';
import type { WireSeen } from './wire-judge.ts';
import { WireJudge } from './wire-judge.ts';

export interface SessionOptions {
  scenario: Scenario;
  seed: number;
  targetsFiles: string[];
  cwd: string;
  history: LiveHistory;
}

export interface SessionState {
  scenario: string;
  description: string;
  workload: string;
  seed: number;
  /** From 1. */
  trial: number;
  /** Since it began. */
  elapsed_ms: number;
  questions: number;
  open_questions: number;
  requests: number;
  /** In the history, over all trials. */
  events: number;
  /** Those of this trial come after so many. */
  events_before: number;
}

interface Current extends PlayedTrial {
  scenario: Scenario;
  seed: number;
  number: number;
  eventsBefore: number;
  now(): number;
}

export class Session {
  readonly #of: SessionOptions;
  #current: Current;

  /** Throws InputError where the workload cannot be read. */
  constructor(options: SessionOptions) {
    this.#of = options;
    const { scenario, seed } = options;
    this.#current = this.#play(scenario, seed, 1);
  }

  receive(request: RawRequest, from: OpenCall | null): Served {
    return this.#current.upstream.receive(request, from);
  }

  /**
   * Begins a new trial, of the same scenario and seed unless others are given; what crossed the
   * wire in the one that it ends. Throws InputError, and goes on as before.
   */
  async begin({ scenario, seed }: { scenario?: Scenario; seed?: number } = {}): Promise<WireSeen> {
    const before = this.#current;
    this.#current = this.#play(
      scenario ?? before.scenario,
      seed ?? before.seed,
      before.number + 1,
      before,
    );
    return this.#seen(before.eventsBefore, this.#current.eventsBefore);
  }

  state(): SessionState {
    const { scenario, seed, number, eventsBefore, now, calls, open, upstream } = this.#current;
    const { name, description, workload } = scenario;
    return {
      scenario: name,
      description,
      workload,
      seed,
      trial: number,
      elapsed_ms: now(),
      questions: calls(),
      open_questions: open(),
      requests: upstream.attempts(),
      events: this.#of.history.events,
      events_before: eventsBefore,
    };
  }

  /** Of the present trial, as if it were over now. */
  report(): Promise<WireSeen> {
    return this.#seen(this.#current.eventsBefore);
  }

  /** Ends it; what crossed the wire in all trials. */
  end(): Promise<WireSeen> {
    this.#current.end();
    return this.#seen(0);
  }

  #play(scenario: Scenario, seed: number, number: number, before?: Current): Current {
    const { targetsFiles, cwd, history } = this.#of;
    const { now } = realClock(new AbortController().signal);
    let eventsBefore = 0;
    // What cannot be read is told before anything of the last trial ends.
    const record = (event: HistoryEvent): void => {
      if (event.e === 'trial') {
        before?.end();
        eventsBefore = history.events;
      }
      history.record(event);
    };
    const options = { asker: 'serve', scenario, seed, trial: number, targetsFiles, cwd };
    const trial = playTrial({ ...options, record, now });
    return { ...trial, scenario, seed, number, eventsBefore, now };
  }

  async #seen(since: number, until?: number): Promise<WireSeen> {
    const judge = new WireJudge();
    for await (const line of this.#of.history.lines(since, until)) judge.event(JSON.parse(line));
    return judge.end();
  }
}
