// What the callers of a trial do beside waiting, by the scenario's rules: who goes, what the
// history says of it, and whether the chain is still busy for somebody who has gone.
import type { AttemptEvent, EndEvent, HistoryEvent, Recorder, ReplyEvent } from '../history.ts';
import { aftermathMs } from '../limits.ts';
import { callScope } from '../network/network.ts';
import type { Timers } from '../network/virtual-response.ts';
import { OpenMap } from '../open-map.ts';
import { mix, stream } from '../rng.ts';
import type { CallerRule } from '../scenario/caller-rule.ts';
import { holdsNumber } from '../scenario/units.ts';
import type { OpenCall } from '../upstream/answers.ts';
import { CallerAction } from './caller-action.ts';

export interface CallerActionsOptions {
  rules: readonly CallerRule[];
  /** The trial's. */
  seed: number;
  /** ms since the trial's start. */
  now(): number;
  timers: Timers;
  record: Recorder;
}

interface OpenAttempt {
  of: CallerAction;
  /** Headers of a success were sent. */
  opened: boolean;
}

export class CallerActions {
  readonly #of: CallerActionsOptions;
  readonly #seeds: number[];
  readonly #open = new OpenMap<CallerAction>();
  readonly #attempts = new OpenMap<OpenAttempt>();
  /** Calls that were left, and that the chain has not let go of. */
  #held = 0;
  #lastMs = Number.NEGATIVE_INFINITY;
  #closed = false;

  constructor(options: CallerActionsOptions) {
    this.#of = options;
    const names = options.rules.map(({ did, when }) => `${did} ${when.at}`);
    this.#seeds = names.map((name, index) => {
      const before = names.slice(0, index).filter((other) => other === name).length;
      return mix(options.seed, 'caller', name, before);
    });
  }

  /** The caller of a call as it is made; null: one that waits. `released`: when it left. */
  begin(scope: OpenCall, released: () => void): CallerAction | null {
    const rule = this.#ruleFor(scope);
    if (!rule) return null;
    const { now, timers } = this.#of;
    const { call } = scope;
    const action = new CallerAction({
      call,
      rule,
      now,
      timers,
      within: (run) => callScope.run(scope, run),
      leaves: (event) => {
        this.#held++;
        this.#record(event);
      },
      released: () => {
        this.#held--;
        this.#lastMs = now();
        this.#record({ e: 'released', t: now(), call });
        released();
      },
    });
    this.#open.set(call, action);
    return action;
  }

  /** The call has its outcome. */
  settle(call: number): void {
    this.#open.get(call)?.settle();
    this.#open.delete(call);
  }

  event(event: HistoryEvent): void {
    if (this.#of.rules.length === 0) return;
    if (event.e === 'attempt') this.#began(event);
    else if (event.e === 'reply') this.#replied(event);
    else if (event.e === 'end') this.#ended(event);
  }

  /** Whether no chain can be expected to do anything more for a caller that has gone. */
  isQuiet(): boolean {
    return this.#held === 0 && this.#of.now() >= this.#lastMs + aftermathMs;
  }

  /** The trial is over: what comes now is in no history. */
  close(): void {
    this.#closed = true;
    for (const action of this.#open.values()) action.settle();
  }

  #record(event: HistoryEvent): void {
    if (!this.#closed) this.#of.record(event);
  }

  /** Each rule draws from a stream of its own, whether or not another one wins. */
  #ruleFor({ call, canary }: OpenCall): CallerRule | null {
    if (canary) return null;
    const found = this.#of.rules.find((rule, index) => {
      if (rule.call && !holdsNumber(rule.call, call)) return false;
      return stream(this.#seeds[index] ?? 0, call).next() < rule.chance;
    });
    return found ?? null;
  }

  #began({ call, attempt }: AttemptEvent): void {
    const of = call === null ? undefined : this.#open.get(call);
    if (!of) return;
    this.#attempts.set(attempt, { of, opened: false });
    of.attemptBegan();
  }

  #replied({ attempt, status, reason }: ReplyEvent): void {
    const open = this.#attempts.get(attempt);
    if (open) open.opened = status > 0 && status < 400 && reason === null;
  }

  #ended({ attempt, how, inBand, chars }: EndEvent): void {
    const open = this.#attempts.get(attempt);
    if (!open) return;
    this.#attempts.delete(attempt);
    const answered = open.opened && how === 'complete' && inBand === null && chars > 0;
    open.of.attemptEnded(!answered);
  }
}
