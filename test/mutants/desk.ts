// A desk that asks one target after the other and shows whole answers only. It keeps every rule as
// it stands; a mutant overrides one of its decisions and is wrong in that alone. Written apart from
// the reference chain: what that one does is no yardstick for what is right.
import type { Ask, ChainAnswer, Hop, Meta, Question } from '../../harness/api.ts';
import type { Failure } from './failure.ts';
import { failureOf, NoAnswer } from './failure.ts';
import { Health } from './health.ts';
import type { Part, Target, Usage } from './providers.ts';
import {
  claude,
  claudeBody,
  claudeParts,
  gpt,
  openAiBody,
  openAiParts,
  openAiWhole,
} from './providers.ts';
import { sleep, Watch } from './watch.ts';

/** One question on its way. */
export interface Call {
  question: Question;
  signal: AbortSignal;
  hops: Hop[];
  /** Of all attempts; `isWhole`: each that answered has told it. */
  usage: { input: number; output: number; isWhole: boolean };
  /** When the answer has to be there. */
  until: number;
  /** How the first target failed. */
  first: Failure | null;
}

export interface Answer {
  text: string;
  refused: boolean;
}

const deadlineMs = 28_000;
const hintCapMs = 5_000;

/** What a chain module exports: a desk of its own for each trial. */
export function opened(Kind: new () => Desk, streams?: boolean): () => Ask {
  return () => {
    const desk = new Kind();
    desk.streams = streams ?? desk.streams;
    return (question, signal) => desk.answer(question, signal);
  };
}

export class Desk {
  readonly targets: readonly Target[] = [gpt, claude];
  /** Whether answers of OpenAI are read as they come; what is shown is whole in any case. */
  streams = true;
  /** How long an open breaker rests before one call may try again. */
  restMs = 31_000;
  readonly health = new Map<string, Health>();

  async answer(question: Question, signal: AbortSignal): Promise<ChainAnswer> {
    signal.throwIfAborted();
    const known = this.recall(question);
    if (known) return known;
    const call = this.begun(question, signal);
    for (const target of this.order(call)) {
      const answer = await this.tryTarget(target, call);
      if (answer) return this.served(target, answer, call);
      if (this.isLast(call)) break;
    }
    return this.exhausted(call);
  }

  begun(question: Question, signal: AbortSignal): Call {
    const until = performance.now() + deadlineMs;
    const usage = { input: 0, output: 0, isWhole: true };
    return { question, signal, hops: [], usage, until, first: null };
  }

  /** Whom to ask, in this order. */
  order(_call: Call): readonly Target[] {
    const open = this.targets.filter(({ name }) => this.healthOf(name).allows());
    return open.length > 0 ? open : this.targets;
  }

  /** Null: it has failed, and is left. */
  async tryTarget(target: Target, call: Call): Promise<Answer | null> {
    for (let count = 1; ; count++) {
      try {
        const answer = await this.attempt(target, call);
        this.saw(target, null, call);
        call.hops.push({ target: target.name, outcome: answer.refused ? 'refused' : 'complete' });
        return answer;
      } catch (error) {
        this.passOn(error, call);
        const failure = this.failure(error);
        call.first ??= failure;
        call.hops.push({ target: target.name, outcome: failure.outcome });
        this.saw(target, failure, call);
        const wait = this.waitMs(failure, count, call);
        if (wait === null) return null;
        await this.sleep(wait, call.signal);
      }
    }
  }

  /** The caller's own abort is nobody's failure. */
  passOn(_error: unknown, { signal }: Call): void {
    signal.throwIfAborted();
  }

  failure(error: unknown): Failure {
    return failureOf(error);
  }

  async attempt(target: Target, call: Call): Promise<Answer> {
    const watch = this.watch(call);
    const used: Usage = {};
    const answer: Answer = { text: '', refused: false };
    let end: string | null = null;
    try {
      for await (const part of this.parts(target, call, watch.signal)) {
        const { text, usage, end: ended, refused } = part;
        if (text) watch.heard();
        answer.text += text ?? '';
        answer.refused ||= refused === true;
        Object.assign(used, usage);
        end ??= ended ?? null;
      }
    } catch (error) {
      // What goes wrong behind the marker takes nothing away from the answer.
      if (end === null || call.signal.aborted) throw watch.expired ?? error;
    } finally {
      watch.close();
      const isUntold = end !== null && used.output === undefined;
      this.count(isUntold ? null : used, call);
    }
    return this.checked(answer, end);
  }

  watch({ until, signal }: Call): Watch {
    const left = Math.max(1, until - performance.now());
    // Who comes next needs time too.
    const firstTextMs = Math.min(8_000, Math.max(left / 2, left - 9_000));
    return new Watch({ firstTextMs, idleMs: 6_000, totalMs: Math.min(20_000, left) }, signal);
  }

  parts(target: Target, { question }: Call, signal: AbortSignal): AsyncGenerator<Part> {
    if (target.provider === 'anthropic') {
      return claudeParts(target, claudeBody(target, question), signal);
    }
    const parts = this.streams ? openAiParts : openAiWhole;
    return parts(target, openAiBody(target, question), signal);
  }

  checked(answer: Answer, end: string | null): Answer {
    if (end === 'content_filter' || end === 'refusal') {
      return { text: answer.text.trim() || 'The model declined to answer.', refused: true };
    }
    if (end === null) throw new NoAnswer('truncated');
    if (!['stop', 'length', 'end_turn', 'max_tokens', 'stop_sequence'].includes(end)) {
      throw new NoAnswer('malformed');
    }
    if (answer.text.trim() === '') throw new NoAnswer('empty');
    return answer;
  }

  /** What an attempt took; null: it answered and did not say. */
  count(used: Usage | null, { usage }: Call): void {
    usage.isWhole &&= used !== null;
    usage.input += used?.input ?? 0;
    usage.output += used?.output ?? 0;
  }

  /** ms before the same target is asked again; null: it is left. */
  waitMs(failure: Failure, count: number, { until }: Call): number | null {
    if (count > 1 || !failure.retry) return null;
    const hint = failure.hintMs ?? 0;
    if (hint > hintCapMs) return null;
    const wait = hint + this.jitterMs(count);
    return performance.now() + wait + 10_000 < until ? wait : null;
  }

  /** Wide enough for a crowd that was turned away at once. */
  jitterMs(count: number): number {
    return 300 * count * (1 + 6 * Math.random());
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    return sleep(ms, signal);
  }

  healthOf(name: string): Health {
    let health = this.health.get(name);
    if (!health) {
      health = new Health(this.restMs);
      this.health.set(name, health);
    }
    return health;
  }

  saw({ name }: Target, failure: Failure | null, _call: Call): void {
    if (failure === null) this.healthOf(name).succeeded();
    else if (failure.unhealthy) this.healthOf(name).failed();
  }

  isLast({ hops, first, until }: Call): boolean {
    return first?.kind === 'policy' || hops.length >= 6 || performance.now() + 1_000 > until;
  }

  recall(_question: Question): ChainAnswer | null {
    return null;
  }

  served({ name }: Target, { text }: Answer, call: Call): ChainAnswer {
    return { text, meta: this.meta(name, call) };
  }

  meta(served: string, { hops, usage }: Call): Meta {
    const { isWhole, ...told } = usage;
    return { served, hops, ...(isWhole ? { usage: told } : {}) };
  }

  exhausted({ hops, first }: Call): ChainAnswer {
    const tried = hops.map(({ target, outcome }) => `${target}: ${outcome}`).join('; ');
    const error = new Error(`nobody answered (${tried})`, { cause: first?.cause });
    throw Object.assign(error, { attempts: hops, status: 503 });
  }
}
