// What passes through a recording proxy, judged and counted: what may go on within the limits, what
// of it becomes a recording of which sample, and what does not, by reason.
import type { Recordable } from '../importing/recordable.ts';
import { questionOf } from '../importing/recordable.ts';
import { SampleIds } from '../importing/sample-ids.ts';
import type { Budget, Tokens } from '../recordings/budget.ts';
import { LimitReached } from '../recordings/budget.ts';
import type { Captured } from '../recordings/capture.ts';
import { cleanRecording, exactRecording, whyNotKept } from '../recordings/recorded-exchange.ts';
import { proxyRecorder } from '../recordings/recorder.ts';
import { Redaction } from '../recordings/redaction.ts';
import type { Most } from '../recordings/request-cost.ts';
import { countedOf, mostOfRequest } from '../recordings/request-cost.ts';
import type { TrafficStore } from '../recordings/traffic-store.ts';
import { exactAnswer } from '../upstream/exact-answer.ts';
import { bodyOf } from '../upstream/recording.ts';
import type { Targets } from '../upstream/targets.ts';
import type { RawRequest } from '../wires/wire.ts';
import type { Incoming } from './incoming.ts';
import { decoded, hashOf, nameOf, rawOf, recordableOf } from './incoming.ts';
import type { Upstream } from './proxy-upstreams.ts';
import type { SampleMatch } from './sample-match.ts';

export interface TrafficOptions {
  store: TrafficStore;
  budget: Budget;
  /** Whether a limit of cost was set: what nobody knows the price of does not pass then. */
  hasMaxCost: boolean;
  targets: Targets;
  /** Of a workload whose samples are recorded; null: each question becomes a sample. */
  match: SampleMatch | null;
  keepErrors: boolean;
  /** Whether what is recorded is answered from the recording. */
  once: boolean;
  /** Of `--redact`, with the flag g. */
  patterns: readonly RegExp[];
  /** YYYY-MM-DD, now. */
  today(): string;
}

export interface TrafficState {
  requests: number;
  recorded: number;
  /** Answered from recordings. */
  replayed: number;
  not_recorded: { reason: string; count: number }[];
  refused: number;
  unknown: number;
  recordings: number;
  /** Requests that told no usage: what is spent has the most that each could cost. */
  at_most: number;
  spent: Budget['spent'];
}

/** One request on its way. */
export interface Passage {
  /** What is recorded of it already, where that is to be used. */
  known: { status: number; headers: [name: string, value: string][]; body: Uint8Array } | null;
  /** Why it must not go on; null: it may. */
  refusal: string | null;
  masked(text: string): string;
  /** The whole answer. */
  keep(captured: Captured): void;
  /** There is no whole answer. */
  lost(how: 'left' | 'broken' | 'unreached'): void;
}

/** What a recording is of. */
interface Recorded {
  asked: Recordable;
  /** Of all that was asked. */
  hash: string;
  host: string;
  target: string;
}

function recordedOf(
  asked: Recordable,
  { host, provider }: Pick<Upstream, 'host' | 'provider'>,
  bodies: Parameters<typeof hashOf>[2],
): Recorded {
  return { asked, host, hash: hashOf(asked, host, bodies), target: nameOf(provider, asked) };
}

const whyLost = {
  left: 'the app hung up before the end',
  broken: 'the provider broke off before the end',
  unreached: 'the provider could not be reached',
};

export class Traffic {
  readonly #of: TrafficOptions;
  readonly #ids = new SampleIds();
  #count = nothing();

  constructor(options: TrafficOptions) {
    this.#of = options;
  }

  state(): TrafficState {
    const { reasons, ...counts } = this.#count;
    const { store, budget } = this.#of;
    return {
      ...counts,
      not_recorded: [...reasons].map(([reason, count]) => ({ reason, count })),
      recordings: store.recordings,
      spent: { ...budget.spent },
    };
  }

  /** Puts into the files what there is, and counts anew; not what was spent. */
  reset(): void {
    this.#of.store.fold();
    this.#count = nothing();
  }

  /** A request to nobody; as it may be told. */
  unknown(why: string): string {
    this.#count.unknown++;
    return new Redaction([], this.#of.patterns).text(why);
  }

  begin(incoming: Incoming, { host, provider }: Upstream): Passage {
    const { store, patterns, once } = this.#of;
    this.#count.requests++;
    const raw = rawOf(incoming);
    const { url, body } = raw;
    const redaction = new Redaction([], patterns);
    redaction.learn({ headers: incoming.headers, url, body }, []);
    const masked = (text: string): string => redaction.text(text);
    const asked = recordableOf(raw, provider);
    const bodies = { asSent: body, masked: masked(body) };
    const idle = { known: null, refusal: null, masked, keep: () => {}, lost: () => {} };
    const of = typeof asked === 'string' ? null : recordedOf(asked, { host, provider }, bodies);
    const known = once && of ? store.answer(of.hash) : null;
    if (known) {
      this.#count.replayed++;
      const { status, headers: own } = exactAnswer(known).exact;
      return { ...idle, known: { status, headers: own, body: bodyOf(known) } };
    }
    const most = this.#allowed(raw, asked, provider);
    if (typeof most === 'string') {
      this.#count.refused++;
      return { ...idle, refusal: masked(most) };
    }
    const key = of && store.sent(of.hash);
    const settle = (usage: Tokens | null): void => {
      this.#of.budget.settle(most?.usd ?? 0, most?.price ?? null, usage);
      if (usage === null && most) this.#count.at_most++;
    };
    return {
      ...idle,
      keep: (captured) => {
        redaction.learn(captured.request, captured.headers);
        const usage = of && key ? this.#keep(key, of, captured, redaction, most) : null;
        if (typeof asked === 'string') this.#not(masked(asked));
        // Nobody bills what was turned down.
        settle(captured.status >= 400 ? noTokens : usage);
      },
      lost: (how) => {
        settle(how === 'unreached' ? noTokens : null);
        if (key !== null) store.failed(key);
        this.#not(whyLost[how]);
      },
    };
  }

  /** What is set aside for it, null for what costs nothing; or why it must not go on. */
  #allowed(raw: RawRequest, asked: Recordable | string, provider: string): Most | null | string {
    const { budget, targets, hasMaxCost } = this.#of;
    const { method, body } = raw;
    if (/^(?:GET|HEAD|DELETE)$/.test(method)) return null;
    const any = typeof asked === 'string' ? decoded(raw) : asked;
    const { host, pathname } = new URL(raw.url);
    const most = any
      ? mostOfRequest(any, body, nameOf(provider, any), targets)
      : `nobody knows what ${method} ${host}${pathname} costs`;
    if (typeof most === 'string' && hasMaxCost) return `not sent, as of --max-cost: ${most}`;
    const known = typeof most === 'string' ? null : most;
    try {
      budget.take(known?.usd ?? 0);
    } catch (error) {
      if (!(error instanceof LimitReached)) throw error;
      return `not sent: it might exceed ${error.message}`;
    }
    return known;
  }

  /** The tokens that it cost; null: nobody knows. */
  #keep(
    key: string,
    { asked, hash, host, target }: Recorded,
    captured: Captured,
    redaction: Redaction,
    most: Most | null,
  ): Tokens | null {
    const { store, match, keepErrors, today } = this.#of;
    const masked = (text: string): string => redaction.text(text);
    const question = match ? null : questionOf(asked.turns, this.#ids, masked);
    const place = question ? { sample: question.id, turn: 1 } : match?.(asked);
    const { sample = '', turn = 1 } = place ?? {};
    const source = `${proxyRecorder}, ${host}`;
    const more = turn > 1 ? { turn } : {};
    const about = { sample, target, date: today(), source, ...more, asked: hash };
    const exact = exactRecording(about, asked.wire, captured, redaction);
    const { failure, said } = exactAnswer(exact);
    const recording = cleanRecording(exact, redaction);
    const isUnwanted = failure !== null && !keepErrors;
    if (place && !isUnwanted && recording) {
      store.kept(key, recording, question);
      this.#count.recorded++;
    } else {
      store.failed(key);
      if (!place) this.#not('no sample of the workload asks this');
      else if (recording) this.#not(`an error (${captured.status}): --keep-errors keeps it`);
      else this.#not(whyNotKept(captured.status));
    }
    if (!said || said.usage.estimated) return null;
    return countedOf(most, said.usage);
  }

  #not(reason: string): void {
    const { reasons } = this.#count;
    const told = reasons.has(reason) || reasons.size < mostReasons ? reason : 'other reasons';
    reasons.set(told, (reasons.get(told) ?? 0) + 1);
  }
}

const noTokens = { input: 0, output: 0 };

/** Paths may differ for ever. */
const mostReasons = 100;

function nothing() {
  const reasons = new Map<string, number>();
  return { requests: 0, recorded: 0, replayed: 0, refused: 0, unknown: 0, at_most: 0, reasons };
}
