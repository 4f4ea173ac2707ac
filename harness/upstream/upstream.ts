// The providers of one trial: takes a request as it came in, decides what becomes of it, writes it
// down, and hands the transport a plan to carry out. The transports report back when headers went
// out and when it was over; nothing else in the harness sees a request.
import { HarnessError } from '../errors.ts';
import type { Recorder } from '../history.ts';
import type { Peer } from '../network/client-errors.ts';
import { OpenMap } from '../open-map.ts';
import { parsedUrl } from '../parsed-url.ts';
import { mix, stream } from '../rng.ts';
import type { Asked, RawRequest, Stamp, Wire } from '../wires/wire.ts';
import type { AnswerBook } from './answer-book.ts';
import type { OpenCall } from './answers.ts';
import { Answers } from './answers.ts';
import { AttemptCounts } from './attempt-counts.ts';
import type { AttemptLog } from './attempt-log.ts';
import { attemptLog } from './attempt-log.ts';
import { fixedAnswer } from './changed-answer.ts';
import { rechunked } from './compose.ts';
import type { Decision } from './decision.ts';
import { decide } from './decision.ts';
import type { Delivery } from './delivery.ts';
import { deliver, deliverRejection } from './delivery.ts';
import { isForeignKey, isForeignModel, withoutTheModel } from './foreign.ts';
import { madeAnswer, strayAnswer } from './made-answer.ts';
import type { Pace } from './pace.ts';
import { paced, paceOf } from './pace.ts';
import { readLate } from './read-late.ts';
import { RequestFacts } from './request-facts.ts';
import { requestHash } from './request-hash.ts';
import type { Fired, Schedule } from './schedule.ts';
import type { Host, Targets } from './targets.ts';
import { noUrl, unattributed, unmapped } from './unanswerable.ts';
import { understand } from './understand.ts';

/** What a transport carries out, and where it reports. */
export interface Served extends AttemptLog {
  delivery: Delivery;
  peer: Peer;
}

export type { OpenCall };

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
  #attempts = 0;

  constructor(options: UpstreamOptions) {
    this.#of = options;
    this.#paceSeed = mix(options.seed, 'pace');
    this.#facts = new RequestFacts(options.keys);
    this.#answers = new Answers(options.book, options.record, mix(options.seed, 'draw'));
  }

  attempts(): number {
    return this.#attempts;
  }

  announce(call: OpenCall, target: string): string | null {
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
    const { targets, now, callOf } = this.#of;
    const url = parsedUrl(request.url);
    if (!url) throw new HarnessError(noUrl(request.url));
    const host = targets.host(url.host) ?? targets.host(url.hostname);
    if (!host) throw new HarnessError(unmapped(url.host));
    const { wires, bend } = this.#of;
    const { wire: spoken, asked } = understand(wires, request, url, host);
    const from = callOf ? callOf(request, scope, asked) : scope;
    const attempt = ++this.#attempts;
    const target = `${host.provider}/${asked.model}`;
    const strange =
      isForeignModel(host, asked.model, url.hostname) && !this.#of.book.targets().includes(target);
    const known = strange ? withoutTheModel(spoken) : spoken;
    const wire = bend?.(known) ?? known;
    const start = now();
    this.#begin({ attempt, host, hostname: url.hostname, wire, asked, request, from, start });
    const fired = this.#fired(host, wire, asked, from, start);
    const order = this.#counts.next(from?.call ?? 0, target);
    const draw = stream(this.#paceSeed, target, from?.call ?? 0, order);
    const stamp: Stamp = { attempt, now: this.#of.epochMs + start };
    const decision = decide(wire, asked, stamp, fired, () => {
      const made = wire.make?.(asked);
      if (made) return fixedAnswer(madeAnswer(made, target), fired);
      if (from) return this.#answers.to(from, target, asked, fired);
      if (this.#of.answersStrays) return fixedAnswer(strayAnswer(target), fired);
      return new HarnessError(unattributed(target));
    });
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
      peer: { host: url.hostname, port: Number(url.port) || 443 },
      started: log.started,
      ended: (how, sent, times) => {
        this.#open.delete(attempt);
        log.ended(how, sent, times);
      },
    };
  }

  readonly #ending: Recorder = (event) => {
    if (event.e === 'end') this.#facts.ended(event);
    this.#of.record(event);
  };

  #begin({ attempt, host, hostname, wire, asked, request, from, start }: Begun): void {
    const call = from?.call ?? null;
    const sample = from && this.#of.book.sample(from.sample);
    const turn = this.#answers.turn(from, asked);
    this.#of.record({
      e: 'attempt',
      t: start,
      attempt,
      call,
      provider: host.provider,
      model: asked.model,
      region: host.region,
      key: asked.key === null ? null : mix(0, asked.key).toString(36),
      wire: wire.name,
      stream: asked.stream,
      body: requestHash(request.body, asked),
      ...(turn === null ? {} : { turn }),
      ...(isBeside(request.body, from) ? { beside: true as const } : {}),
      ...this.#facts.of({ host, hostname, wire, asked, request, call, sample }),
    });
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

/** Probes and warm-ups that a call set off are in its context, and do not ask its question. */
function isBeside(body: string, from: OpenCall | null): boolean {
  return from?.ticket !== undefined && !body.includes(from.ticket);
}

interface Begun {
  attempt: number;
  host: Host;
  hostname: string;
  wire: Wire;
  asked: Asked;
  request: RawRequest;
  from: OpenCall | null;
  start: number;
}

function deliveryOf({ reply, answer, effect, additions, fired }: Decision, pace: Pace): Delivery {
  const silenceMs = effect?.kind === 'reject' ? effect.bodySilenceMs : undefined;
  const isRejection = effect ? effect.kind === 'reject' : !answer;
  const delivery = isRejection
    ? deliverRejection(reply, pace, silenceMs)
    : deliver(reply, pace, effect, additions);
  const effects = fired.map((one) => one.effect);
  return readLate(rechunked(delivery, effects), effects);
}

/** Frames whose time has come, ms after the request. */
function framesDue(delivery: Delivery, sinceMs: number): number {
  if (delivery.kind !== 'response' || (delivery.headersAtMs ?? sinceMs + 1) > sinceMs) return 0;
  return delivery.times.filter((at) => at <= sinceMs).length;
}
