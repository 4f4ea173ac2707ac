// A plain chain for sessions with tools: every turn is asked of the targets in order, from the
// first one on, two attempts each. Right but for the one mistake that is planted in it.
import { attempt } from '../../../harness/chains/attempt.ts';
import type { LimitSettings } from '../../../harness/chains/attempt-limits.ts';
import type { Ask, Hop, Question } from '../../../harness/chains/chain.ts';
import { Deadline } from '../../../harness/chains/deadline.ts';
import type { Failure } from '../../../harness/chains/failure.ts';
import { failureOf } from '../../../harness/chains/failure.ts';
import { parseReferenceSettings } from '../../../harness/chains/reference-config.ts';
import type { Target } from '../../../harness/chains/target.ts';
import { sleep } from '../../../harness/chains/time.ts';
import type { ToolCall } from '../../../harness/chains/tool-call.ts';
import { mostTurns, ToolSession } from '../../../harness/chains/tool-session.ts';
import { geminiSessionTarget } from './gemini-session-target.ts';
import { inNameOf } from './in-name-of.ts';
import type { Planted } from './planted-chain.ts';
import { targetsFor } from './sent-wrong.ts';

const deadlineMs = 29_900;
const perAttempt: LimitSettings = {
  headersMs: 5_000,
  firstTokenMs: 5_000,
  idleMs: 5_000,
  totalMs: 10_000,
};
const attemptsPerTarget = 2;

/** A target of google may stand last in `targets`. */
export function sessionChain({ mistake, targets: yaml, stream }: Planted): () => Ask {
  const google = /, google\/[\w.-]+/;
  const settings = parseReferenceSettings(`targets: ${yaml.replace(google, '')}\n`, 'planted.yaml');
  const last = google.test(yaml);
  return () => {
    const signs = mistake !== 'sends-foreign-history';
    const targets = [
      ...targetsFor(mistake, settings),
      ...(last ? [geminiSessionTarget(signs)] : []),
    ];
    return async (question, signal) => {
      const session = new Session(targets, question, stream, signal);
      const text = await session.answer();
      if (mistake !== 'names-nobody') return { text, meta: { ...session.meta } };
      return { text, meta: inNameOf(targets[0]?.name) };
    };
  };
}

interface Turn {
  text: string;
  calls: ToolCall[];
}

class Session {
  readonly meta: { served: string; hops: Hop[] } = { served: '', hops: [] };
  readonly #targets: readonly Target[];
  readonly #question: Question;
  readonly #stream: boolean;
  readonly #signal: AbortSignal;
  readonly #session: ToolSession;
  readonly #deadline: Deadline;
  readonly #spentKeys = new Set<string>();
  #first: Failure | null = null;

  constructor(
    targets: readonly Target[],
    question: Question,
    stream: boolean,
    signal: AbortSignal,
  ) {
    this.#targets = targets;
    this.#question = question;
    this.#stream = stream;
    this.#signal = signal;
    this.#session = new ToolSession(question.tools);
    this.#deadline = new Deadline(deadlineMs, targets.length, perAttempt.firstTokenMs);
  }

  async answer(): Promise<string> {
    for (let turn = 0; turn < mostTurns; turn++) {
      const { text, calls } = await this.#turn();
      if (calls.length === 0) return text;
      await this.#session.run(text, calls, this.#deadline, this.#signal);
    }
    throw new Error('the model goes round in circles');
  }

  async #turn(): Promise<Turn> {
    for (const target of this.#targets) {
      for (let count = 1; !this.#spentKeys.has(target.credential); count++) {
        const answer = await this.#attempt(target);
        if ('calls' in answer) return answer;
        const { meaning, retry } = answer;
        if (meaning === 'quota' || meaning === 'auth') this.#spentKeys.add(target.credential);
        if (!retry || meaning === 'timeout' || count >= attemptsPerTarget) break;
        await sleep(300 * (1 + Math.random()), this.#signal);
      }
    }
    const { hops } = this.meta;
    const tried = hops.map((hop) => `${hop.target}: ${hop.outcome}`).join('; ');
    const error = new Error(`nobody answered (${tried})`, { cause: this.#first?.cause });
    throw Object.assign(error, { attempts: hops, status: 503 });
  }

  async #attempt(target: Target): Promise<Turn | Failure> {
    const { system, prompt, tools } = this.#question;
    const session = this.#session.turns;
    const pieces = attempt(
      target,
      {
        system,
        prompt,
        partial: '',
        tools,
        session,
        schema: null,
        maxTokens: 1024,
        stream: this.#stream,
      },
      perAttempt,
      this.#signal,
    );
    const { hops } = this.meta;
    try {
      let text = '';
      for (;;) {
        const next = await pieces.next();
        if (next.done) {
          hops.push({ target: target.name, outcome: 'complete' });
          this.meta.served = target.name;
          return { text, calls: next.value.calls };
        }
        text += next.value;
      }
    } catch (error) {
      this.#signal.throwIfAborted();
      const failure = failureOf(error);
      hops.push({ target: target.name, outcome: failure.outcome });
      this.#first ??= failure;
      return failure;
    }
  }
}
