// One request that goes on to its provider, and its response on the way back, as a transport
// carries it out. What it sends grows the delivery that the history is told of; what the provider
// said becomes a text of the history as soon as its end has come, before the client can have it
// whole.
import { HarnessError } from '../errors.ts';
import type { Effect } from '../faults/effect.ts';
import type { EndEvent, Ending } from '../history.ts';
import type { KnownAnswer } from '../upstream/answer-book.ts';
import type { AttemptLog } from '../upstream/attempt-log.ts';
import { attemptLog } from '../upstream/attempt-log.ts';
import type { Decision } from '../upstream/decision.ts';
import type { Delivery } from '../upstream/delivery.ts';
import type { LivePlace, LiveStream, Passing, Step } from '../upstream/live.ts';
import { joined } from '../wires/sse.ts';
import type { Frame, Usage } from '../wires/wire.ts';
import type { Forwarded } from './forward.ts';
import { forward } from './forward.ts';
import { gathered, needsAll } from './gathered.ts';
import { heardPart, heardWhole, undecided } from './heard.ts';
import { BodyBroken } from './live-frames.ts';
import type { Aside } from './spending.ts';
import { streamed } from './streamed.ts';
import type { LiveOptions, Way } from './way.ts';

type Answered = Delivery & { kind: 'response' };

const free: Usage = { input: 0, output: 0, estimated: false };

export class LiveAttempt implements LiveStream, Way {
  readonly of: LiveOptions;
  readonly passing: Passing;
  readonly place: LivePlace;
  readonly decision: Decision;
  /** Grows with what is sent. */
  readonly delivery: Answered & { frames: Frame[]; times: number[] } = {
    kind: 'response',
    headersAtMs: null,
    status: 0,
    headers: [],
    sse: false,
    frames: [],
    times: [],
    end: { how: 'complete', atMs: 0 },
  };
  readonly #aside: Aside;
  readonly #log: AttemptLog;
  readonly #controller = new AbortController();
  /** Whether the answer's text is in the history. */
  #isNoted = false;
  #isOver = false;
  /** What the provider counted; null: nothing that can be relied on. */
  #usage: Usage | null = null;

  constructor(of: LiveOptions, passing: Passing, place: LivePlace, aside: Aside) {
    this.of = of;
    this.passing = passing;
    this.place = place;
    this.#aside = aside;
    this.decision = undecided(passing);
    const { now, start, attempt, stamp } = place;
    const record: LivePlace['record'] = (event) => {
      if (event.e === 'end') place.end({ ...event, ...this.#callsIn() });
      else place.record(event);
    };
    this.#log = attemptLog(record, now, start, attempt, this.delivery, this.decision, stamp.now);
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  async *steps(): AsyncGenerator<Step, void> {
    const { url, request, asked, fired } = this.passing;
    for (const { effect } of fired) {
      if (effect.kind !== 'unread') continue;
      this.met(effect);
      await this.pause(effect.forMs ?? 0);
    }
    const { method, body } = request;
    const headers = [...(request.headers?.() ?? [])];
    const { redaction, fetch } = this.of;
    try {
      const onward = { method, url: url.href, headers, body };
      const opened = await forward(onward, this.#controller.signal, fetch).catch(asBroken);
      // Cookies are others in every response, and a history has none.
      const lasting = opened.headers.filter(([name]) => !/cookie/i.test(name));
      redaction.learn({ headers }, lasting);
      if (opened.status >= 400) this.#usage = free;
      const passes =
        isEvents(opened) && asked.stream && !fired.some(({ effect }) => needsAll(effect));
      yield* passes ? streamed(this, opened) : gathered(this, opened);
    } catch (error) {
      if (!(error instanceof BodyBroken)) throw error;
      if (!this.#isOver) yield { do: 'fail', error: error.cause };
    }
  }

  over(how: Ending): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#controller.abort();
    const { answer } = this.decision;
    if (answer && this.delivery.sse && answer.event.kind === 'live') this.#hear();
    if (unsent.has(how)) this.#usage = free;
    this.#aside.settle(this.#usage);
    this.place.settled(this.decision, this.delivery);
    const { frames, times } = this.delivery;
    // Who hangs up behind the last word of a stream has read all of it.
    const isRead = how === 'aborted' && frames.some(({ marker }) => marker);
    this.#log.ended(isRead ? 'complete' : how, frames.length, times);
  }

  fail(error: unknown): void {
    this.of.fail(error instanceof Error ? error : new HarnessError(String(error)));
  }

  elapsedMs(): number {
    return this.place.now() - this.place.start;
  }

  pause(ms: number): Promise<void> {
    const { signal } = this.#controller;
    if (!(ms > 0) || signal.aborted) return Promise.resolve();
    const { timers } = this.of;
    return new Promise((resolve) => {
      const done = (): void => {
        timers.clear(timer);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = timers.set(done, ms);
      signal.addEventListener('abort', done);
    });
  }

  met(effect: Effect): void {
    const fired = this.passing.fired.find((one) => one.effect === effect);
    if (!fired) return;
    const { rule, fault } = fired;
    const { place } = this;
    place.record({ e: 'effect', t: place.now(), attempt: place.attempt, rule, fault, effect });
  }

  head(
    from: Pick<Answered, 'status' | 'headers'>,
    sse: boolean,
    framing: [string, string][],
  ): Step {
    const { status } = from;
    const headers = [...from.headers, ...framing];
    Object.assign(this.delivery, { status, headers, sse, headersAtMs: this.elapsedMs() });
    this.#log.started();
    return { do: 'head', status, headers };
  }

  *send(frames: Iterable<Frame>): Generator<Step, void> {
    for (const frame of frames) {
      this.delivery.frames.push(frame);
      this.delivery.times.push(this.elapsedMs());
      if (frame.marker && this.delivery.sse && !this.#isNoted) this.#hear();
      yield { do: 'send', bytes: frame.bytes };
    }
  }

  note(known: KnownAnswer, counted: Usage): void {
    this.#isNoted = true;
    this.#usage = counted.estimated ? null : counted;
    this.place.note(known);
  }

  /** What of a stream was sent so far: an answer, once its end has come. */
  #hear(): void {
    const { frames, headers, status } = this.delivery;
    const { answer } = this.decision;
    if (!answer) return;
    const body = joined(frames.map(({ bytes }) => bytes));
    const heard = { id: answer.event.id, passing: this.passing, status, headers, body };
    const isWhole = frames.some(({ marker }) => marker);
    const known = isWhole ? heardWhole(heard, this.of.book.grade) : heardPart(heard);
    answer.answer = known.answer;
    if (known.failure) this.decision.rejection ??= known.failure;
    if (isWhole && !known.answer.usage.estimated) this.#usage = known.answer.usage;
    if (this.#isNoted) return;
    this.#isNoted = true;
    answer.event = known.event;
    this.place.note(answer);
    if (isWhole) this.of.said(this.passing, answer, frames.filter(isPayload).length);
  }

  #callsIn(): Pick<EndEvent, 'calls'> {
    const calls = this.decision.answer?.answer.toolCalls.length ?? 0;
    return calls > 0 ? { calls } : {};
  }
}

/** Ends before anything was sent. */
const unsent: ReadonlySet<Ending> = new Set(['refused', 'dns', 'tls']);

function isPayload({ role }: Frame): boolean {
  return role === 'payload';
}

function asBroken(cause: unknown): never {
  throw new BodyBroken('no response came', { cause });
}

function isEvents({ status, headers }: Pick<Forwarded, 'status' | 'headers'>): boolean {
  const type = headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1];
  return status < 400 && (type?.toLowerCase().includes('text/event-stream') ?? false);
}
