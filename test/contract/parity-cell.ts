// One cell: one row of the table with one client. It has providers of its own, the same on both
// sides, and keeps what the client saw and what crossed the wire.
import type { HistoryEvent } from '../../harness/history.ts';
import type { Rule } from '../../harness/scenario/rule.ts';
import { rule } from '../../harness/scenario/rule.ts';
import { createAnswerBook } from '../../harness/upstream/answer-book.ts';
import { createSchedule } from '../../harness/upstream/schedule.ts';
import { createTargets } from '../../harness/upstream/targets.ts';
import type { Served, Upstream } from '../../harness/upstream/upstream.ts';
import { createUpstream } from '../../harness/upstream/upstream.ts';
import { wires } from '../../harness/wires/index.ts';
import type { RawRequest } from '../../harness/wires/wire.ts';
import type { WireName } from '../../harness/wires/wire-name.ts';
import type { Sample } from '../../harness/workloads/workload.ts';
import { plainSample } from '../../harness/workloads/workload.ts';
import type { ClientName, Heard } from './parity-clients.ts';
import { clientNames, models } from './parity-clients.ts';
import type { Api, Row, SampleName } from './parity-row.ts';
import { entryOf } from './parity-row.ts';

export interface Cell {
  /** From 1; the number of its one call. */
  id: number;
  row: Row;
  client: ClientName;
}

/** What a client saw and did. Times in ms since the call. */
export interface Observed {
  seen: string;
  /** The error and its causes, outermost first, with everything that an application could match. */
  errors: string[];
  text: string;
  /** When each request was made. */
  starts: number[];
  /** When it was over, or patience was. */
  tookMs: number;
  /** What happened on the wire, in order. */
  order: string[];
}

export const plainText = 'It is nobody but the wind that comes down from the hills tonight.';

/** Characters of two, three and four bytes, joined ones too. */
export const wideText =
  'Grüße! 您的订单 LK-20418 kommt früh — 👩‍🚀 naïve ✓ 𝒳 สวัสดี, and that is all there is.';

const finishes = {
  plain: { text: plainText, finish: 'stop' },
  wide: { text: wideText, finish: 'stop' },
  empty: { text: '', finish: 'stop' },
  filtered: { text: 'It is', finish: 'content-filter' },
  refused: { text: 'I cannot help with that.', finish: 'refusal' },
  'cut-off': { text: 'It is nobody', finish: 'length' },
} as const;

const samples = Object.keys(finishes) as SampleName[];

const book = createAnswerBook({
  name: 'parity',
  provenance: 'written for this test',
  samples: samples.map((id): Sample => ({ ...plainSample, id, prompt: 'Who is there?' })),
  recordings: samples.flatMap((sample) =>
    Object.entries(models).map(([provider, model]) => ({
      kind: 'authored' as const,
      sample,
      target: `${provider}/${model}`,
      ...finishes[sample],
    })),
  ),
});

const source = 'quick, so that the test is';
const pace = {
  ttft: { p50: 20, p95: 20, source },
  speed: { tokensPerSecond: 200, source },
  price: { input: 0, output: 0, source },
};
const targets = createTargets([
  {
    hosts: [
      { host: 'api.openai.com', provider: 'openai' },
      { host: 'api.anthropic.com', provider: 'anthropic' },
      { host: 'generativelanguage.googleapis.com', provider: 'google' },
    ],
    assumed: { rejection: { p50: 5, p95: 5, why: source }, model: { ...pace, why: source } },
    models: {},
  },
]);

/** Every row with every client that it is about. */
export function cellsOf(rows: Row[]): Cell[] {
  const pairs = rows.flatMap((row) =>
    clientNames
      .filter((client) => entryOf(row.sees, client) !== undefined)
      .map((client) => ({ row, client })),
  );
  return pairs.map((pair, index) => ({ id: index + 1, ...pair }));
}

/** The providers of a cell, and what they see. */
export class CellServer {
  readonly events: HistoryEvent[] = [];
  readonly starts: number[] = [];
  readonly #cell: Cell;
  readonly #upstream: Upstream;
  /** ms since the call. */
  readonly now: () => number;

  constructor(cell: Cell, now: () => number, epochMs: number) {
    this.#cell = cell;
    this.now = now;
    this.#upstream = createUpstream({
      seed: 1,
      book,
      targets,
      wires: Object.values(wires),
      schedule: createSchedule(rulesOf(cell.row), 1),
      record: (event) => this.events.push(event),
      now,
      epochMs,
      keys: {},
    });
  }

  receive(request: RawRequest): Served {
    this.starts.push(this.now());
    const { id, row, client } = this.#cell;
    const from = { call: id, sample: row.sample ?? 'plain' };
    const served = this.#upstream.receive(request, from);
    const { delivery } = served;
    if (!('bend' in row.fault) || delivery.kind !== 'response') return served;
    return { ...served, delivery: row.fault.bend(delivery, wireOf(client)) };
  }

  /** What happened on the wire: attempts, what was injected, replies, ends. */
  order(): string[] {
    return this.events.flatMap((event) => {
      switch (event.e) {
        case 'attempt':
          return [`attempt ${event.attempt} ${event.body}`];
        case 'effect':
          return [`effect ${event.fault}`];
        case 'reply':
          return [`reply ${event.status} ${event.reason}`];
        case 'end':
          // A server sees a client that gives up and one that is told to as the same.
          return [`end ${event.how === 'client-timeout' ? 'aborted' : event.how}`];
        default:
          return [];
      }
    });
  }
}

function rulesOf({ fault }: Row): Rule[] {
  if ('rule' in fault) return [rule.parse(fault.rule)];
  if ('bend' in fault) return [];
  return [{ ...rule.parse({ inject: 'noop' }), arm: () => () => fault.effect }];
}

function wireOf(client: ClientName): WireName {
  const byApi: Record<Api, WireName> = {
    chat: 'openai-chat',
    responses: 'openai-responses',
    messages: 'anthropic-messages',
    gemini: 'gemini',
    embeddings: 'openai-embeddings',
  };
  return byApi[client.split(' ')[0] as Api];
}

/** `error` undefined: it resolved; null: it was still waiting when the test lost patience. */
export function observed(
  cell: Cell,
  heard: Heard,
  error: unknown,
  server: CellServer,
  tookMs: number,
): Observed {
  const errors = error === undefined || error === null ? [] : causes(error);
  const whole = finishes[cell.row.sample ?? 'plain'].text;
  const amount = heard.text === '' ? 'nothing' : heard.text === whole ? 'all' : 'part';
  const after = amount === 'nothing' ? '' : ` after ${amount}`;
  let seen = `${amount}, ${heard.finish || 'no end'}`;
  if (error === null) seen = `hangs${after}`;
  else if (error !== undefined) seen = `${inShort(error)}${after}`;
  return { seen, errors, text: heard.text, starts: server.starts, tookMs, order: server.order() };
}

/** Class, status, code (or the type of an error without status); last the cause that began it. */
function inShort(error: unknown): string {
  const [status, code, type] = ['status', 'code', 'type'].map((name) =>
    error instanceof Error ? Reflect.get(error, name) : undefined,
  );
  const words = [nameOf(error), status, code ?? (status === undefined ? type : null)];
  let deepest = error;
  while (deepest instanceof Error && deepest.cause !== undefined) deepest = deepest.cause;
  if (deepest !== error && deepest instanceof Error) {
    const own: unknown = Reflect.get(deepest, 'code');
    words.push('<-', typeof own === 'string' ? own : deepest.name);
  }
  return words.filter((word) => word !== undefined && word !== null).join(' ');
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.constructor.name : typeof error;
}

/** Everything of an error and its causes that an application could match, outermost first. */
export function causes(error: unknown): string[] {
  if (!(error instanceof Error)) return [String(error)];
  const fields = ['name', 'code', 'errno', 'syscall', 'status', 'type', 'param', 'message'];
  const told = fields.map((name) => `${name}=${String(Reflect.get(error, name))}`);
  // Where a server listens differs; and what Chrome calls a socket is of no interest to a chain.
  const text = `${nameOf(error)} ${told.join(' ')}`.replace(/127\.0\.0\.1:\d+/, '127.0.0.1:PORT');
  return [text, ...(error.cause === undefined ? [] : causes(error.cause))];
}
