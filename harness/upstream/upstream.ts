// The providers of one trial: takes a request as it came in, decides what becomes of it, writes it
// down, and hands the transport a plan to carry out. The transports report back when headers went
// out and when it was over; nothing else in the harness sees a request.
import { HarnessError } from '../errors.ts';
import type { Recorder } from '../history.ts';
import type { Peer } from '../network/client-errors.ts';
import { OpenMap } from '../open-map.ts';
import { mix, stream } from '../rng.ts';
import type { Asked, RawRequest, Stamp, Wire } from '../wires/wire.ts';
import type { AnswerBook } from './answer-book.ts';
import type { OpenCall } from './answers.ts';
import { Answers } from './answers.ts';
import type { Begun } from './attempt-begun.ts';
import { attemptEvent } from './attempt-begun.ts';
import { AttemptCounts } from './attempt-counts.ts';
import type { AttemptLog } from './attempt-log.ts';
import { attemptLog } from './attempt-log.ts';
import type { Given } from './changed-answer.ts';
import { fixedAnswer } from './changed-answer.ts';
import { decide, unheard } from './decision.ts';
import type { Delivery } from './delivery.ts';
import { deliveryOf, framesDue } from './delivery-of.ts';
import { isForeignKey, isForeignModel, withoutTheModel } from './foreign.ts';
import type { LiveProviders, LiveStream, Open, Passing } from './live.ts';
import { madeAnswer, strayAnswer } from './made-answer.ts';
import { paced, paceOf } from './pace.ts';
import { RequestFacts } from './request-facts.ts';
import type { Fired, Schedule } from './schedule.ts';
import type { Host, Targets } from './targets.ts';
import { unattributed } from './unanswerable.ts';
import { understand } from './understand.ts';

/** What a transport carries out, and where it reports. */
export interface Served extends AttemptLog {
  /** Of a live stream it grows as the provider answers. */
  delivery: Delivery;
  peer: Peer;
  /** A provider answers by itself: this is carried out instead of the delivery. */
  live?: LiveStream;
}

export interface UpstreamOptions {
  seed: number;
  book: AnswerBook;
  targets: Targets;
  wires: Wire[];
  schedule: Schedule;
  /** How a wire speaks in this trial; absent: as it does. */
  bend?(wire: Wire): Wire;
  record: Recorder;
  /** ms since the trial's start. */
  now(): number;
  /** The wall time that responses carry, at the trial's start: epoch ms. */
  epochMs: number;
  /** The call of a request, given what the async context says, and what it asks. */
  callOf?(request: RawRequest, scope: OpenCall | null, asked: Asked): OpenCall | null;
  /** Whether a request outside every call is answered all the same; else it ends the trial. */
  answersStrays?: boolean;
  /** Keys by provider, as the harness handed them out: to see a key at the wrong provider. */
  keys: Record<string, string>;
  /** Real providers, who answer what no fault answers; absent: the book answers. */
  live?: LiveProviders;
  /** Of an earlier part of the same trial: attempts are numbered on from there. */
  attemptsBefore?: number;
}

export interface Upstream {
  /**
   * Throws HarnessError where the request cannot be answered. `from` null: cannot be attributed.
   */
  receive(request: RawRequest, from: OpenCall | null): Served;
  attempts(): number;
  /** The id of what a target would answer to a call, written to the history; null for an error. */
  announce(call: OpenCall, target: string): string | null;
  /** The trial is over: attempts that are still open end as `open`. */
  closeAttempts(): void;
  /** A call is over: what was counted for it is dropped, once many others are over too. */
  forget(call: number): void;
}

export function createUpstream(options: UpstreamOptions): Upstream {
  return new Providers(options);
}

class Providers implements Upstream {
  readonly #of: UpstreamOptions;
  readonly #paceSeed: number;
  readonly #answers: Answers;
  readonly #counts = new AttemptCounts();
  readonly #facts: RequestFacts;
  /** What closes each attempt that is not over. */
  readonly #open = new OpenMap<() => void>();
  #attempts: number;

  constructor(options: UpstreamOptions) {
    this.#of = options;
    this.#attempts = options.attemptsBefore ?? 0;
    this.#paceSeed = mix(options.seed, 'pace');
    this.#facts = new RequestFacts(options.keys);
    this.#answers = new Answers(options.book, options.record, mix(options.seed, 'draw'));
  }

  attempts(): number {
    return this.#attempts;
  }

  announce(call: OpenCall, target: string): string | null {
    // What a live provider would have said nobody knows before it is asked.
    if (this.#of.live) return null;
    const found = this.#answers.final(call, target);
    return found && !found.failure ? found.event.id : null;
  }

  closeAttempts(): void {
    for (const close of this.#open.values()) close();
  }

  forget(call: number): void {
    const long = this.#counts.forget(call);
    if (long === null) return;
    this.#of.schedule.forget(long);
    this.#facts.forget(long);
  }

  receive(request: RawRequest, scope: OpenCall | null): Served {
    const { targets, now, callOf, wires, bend, live } = this.#of;
    const { url, host, wire: spoken, asked } = understand(wires, targets, request);
    const from = callOf ? callOf(request, scope, asked) : scope;
    const target = `${host.provider}/${asked.model}`;
    const strange =
      !live &&
      isForeignModel(host, asked.model, url.hostname) &&
      !this.#of.book.targets().includes(target);
    const known = strange ? withoutTheModel(spoken) : spoken;
    const wire = bend?.(known) ?? known;
    const start = now();
    const fired = this.#fired(host, wire, asked, from, start);
    const open = live && this.#taken(live, { url, target, wire, asked, request, fired, from });
    const attempt = ++this.#attempts;
    this.#begin({ attempt, host, hostname: url.hostname, wire, asked, request, from, start });
    const peer = { host: url.hostname, port: Number(url.port) || 443 };
    const stamp: Stamp = { attempt, now: this.#of.epochMs + start };
    if (open) return { peer, ...this.#passedOn(open, attempt, stamp, start, from?.call ?? null) };
    const order = this.#counts.next(from?.call ?? 0, target);
    const draw = stream(this.#paceSeed, target, from?.call ?? 0, order);
    const answerOf = (): Given<Fired> | HarnessError => {
      const made = wire.make?.(asked);
      if (made) return fixedAnswer(madeAnswer(made, target), fired);
      if (from) return this.#answers.to(from, target, asked, fired);
      if (this.#of.answersStrays) return fixedAnswer(strayAnswer(target), fired);
      return new HarnessError(unattributed(target));
    };
    const decision =
      live && !wire.make
        ? unheard(wire, asked, stamp, fired)
        : decide(wire, asked, stamp, fired, answerOf);
    this.#of.schedule.takeBack(fired.filter((one) => !decision.fired.includes(one)));
    if (decision.answer && !decision.answer.vectors) this.#answers.note(decision.answer);
    for (const { rule, fault, effect } of decision.fired) {
      this.#of.record({ e: 'effect', t: start, attempt, rule, fault, effect });
    }
    const pace = paceOf(targets.pace(target, draw), decision.reply, decision.answer);
    const delivery = deliveryOf(decision, paced(pace, fired));
    this.#facts.begun(attempt, from?.call ?? null, decision, delivery);
    const log = attemptLog(this.#ending, now, start, attempt, delivery, decision, stamp.now);
    this.#open.set(attempt, () => log.ended('open', framesDue(delivery, now() - start)));
    return {
      delivery,
      peer,
      started: log.started,
      ended: (how, sent, times) => {
        this.#open.delete(attempt);
        log.ended(how, sent, times);
      },
    };
  }

  /** Null: a fault, or the harness, answers it. */
  #taken(live: LiveProviders, of: Omit<Passing, 'sample' | 'turn'>): Open | null {
    const { from, asked, fired } = of;
    try {
      const sample = from && this.#of.book.sample(from.sample);
      return live.take({ ...of, sample, turn: this.#answers.turn(from, asked) });
    } catch (error) {
      this.#of.schedule.takeBack(fired);
      throw error;
    }
  }

  /** A live provider answers it; what is said of it comes with its answer. */
  #passedOn(
    open: Open,
    attempt: number,
    stamp: Stamp,
    start: number,
    call: number | null,
  ): Pick<Served, 'delivery' | 'live' | 'started' | 'ended'> {
    const { now, record, schedule } = this.#of;
    const { delivery, live } = open({
      attempt,
      stamp,
      start,
      now,
      record,
      settled: (decision, made) => this.#facts.begun(attempt, call, decision, made),
      takeBack: (fired) => schedule.takeBack(fired),
      note: (known) => this.#answers.note(known),
      end: (event) => {
        this.#open.delete(attempt);
        this.#ending(event);
      },
    });
    this.#open.set(attempt, () => live.over('open'));
    return { delivery, live, started: () => {}, ended: (how) => live.over(how) };
  }

  readonly #ending: Recorder = (event) => {
    if (event.e === 'end') this.#facts.ended(event);
    this.#of.record(event);
  };

  #begin(begun: Begun): void {
    const { from, asked } = begun;
    const sample = from && this.#of.book.sample(from.sample);
    const facts = this.#facts.of({ ...begun, call: from?.call ?? null, sample });
    this.#of.record(attemptEvent(begun, this.#answers.turn(from, asked), facts));
  }

  #fired(host: Host, wire: Wire, asked: Asked, from: OpenCall | null, now: number): Fired[] {
    if (from?.canary) return [];
    return this.#of.schedule.decide({
      provider: host.provider,
      model: asked.model,
      region: host.region,
      key: asked.key,
      foreignKey: isForeignKey(this.#of.keys, host.provider, asked.key),
      wire: wire.name,
      stream: asked.stream,
      call: from?.call ?? 0,
      now,
      asks: () => wire.traits(asked),
    });
  }
}
