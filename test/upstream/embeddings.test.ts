// Attempts on the wire of embeddings, as the upstream serves them and the history has them.
import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import type { Effect } from '../../harness/faults/effect.ts';
import type { EndEvent, HistoryEvent, ReplyEvent } from '../../harness/history.ts';
import { shippedTargets } from '../../harness/project.ts';
import { rule } from '../../harness/scenario/rule.ts';
import { createAnswerBook } from '../../harness/upstream/answer-book.ts';
import type { Delivery } from '../../harness/upstream/delivery.ts';
import { createSchedule } from '../../harness/upstream/schedule.ts';
import { createTargets, readTargets } from '../../harness/upstream/targets.ts';
import { createUpstream } from '../../harness/upstream/upstream.ts';
import { wires } from '../../harness/wires/index.ts';
import { rawRequest } from '../wires/served.ts';

const targets = createTargets(readTargets([shippedTargets]));
const model = 'text-embedding-3-small';

interface Attempt {
  events: HistoryEvent[];
  delivery: Delivery;
  reply: ReplyEvent;
  end: EndEvent;
}

/** One attempt, carried out to the end, of a call or of none; no recording is there at all. */
function attempt(effect: Effect | null, call: number | null = 1): Attempt {
  const events: HistoryEvent[] = [];
  const rules = effect ? [{ ...rule.parse({ inject: 'noop' }), arm: () => () => effect }] : [];
  const upstream = createUpstream({
    seed: 1,
    book: createAnswerBook({ name: 'none', provenance: 'test', samples: [], recordings: [] }),
    targets,
    wires: Object.values(wires),
    schedule: createSchedule(rules, 1),
    record: (event) => events.push(event),
    now: () => 0,
    epochMs: 0,
    keys: {},
  });
  const input = 'Where is my parcel?';
  const request = rawRequest('https://api.openai.com/v1/embeddings', { model, input });
  const served = upstream.receive(request, call === null ? null : { call, sample: 's' });
  const { delivery } = served;
  served.started();
  if (delivery.kind === 'response') served.ended(endingOf(delivery), delivery.frames.length);
  else served.ended(delivery.how, 0);
  const of = <E extends HistoryEvent>(e: E['e']): E => events.find((one) => one.e === e) as E;
  return { events, delivery, reply: of<ReplyEvent>('reply'), end: of<EndEvent>('end') };
}

function endingOf({ end }: Delivery & { kind: 'response' }): EndEvent['how'] {
  return end.how === 'never' ? 'open' : end.how;
}

async function dataOf({ delivery }: Attempt): Promise<unknown> {
  if (delivery.kind !== 'response') throw new Error(delivery.how);
  const body = new Blob(delivery.frames.map(({ bytes }) => new Uint8Array(bytes)));
  const { status, headers } = delivery;
  const fetch = async () => new Response(body, { status, headers });
  const client = new OpenAI({ apiKey: 'k', fetch, maxRetries: 0 });
  return (await client.embeddings.create({ model, input: 'x', encoding_format: 'float' })).data;
}

describe('an attempt for vectors', () => {
  it('belongs to its call, is billed for its input, and has no text', () => {
    const { events, reply, end } = attempt(null);
    expect(events.map(({ e }) => e)).toEqual(['attempt', 'reply', 'end']);
    expect(events[0]).toMatchObject({ call: 1, wire: 'openai-embeddings', vectors: true });
    expect(reply).toMatchObject({ status: 200, reason: null });
    expect(reply).not.toHaveProperty('text');
    expect(end).toMatchObject({ how: 'complete', marker: true, chars: 0, output: 0 });
    expect(end.input).toBeGreaterThan(3);
  });

  it('is answered outside every call too: chains embed their documents when they start', () => {
    const { events, reply } = attempt(null, null);
    expect(events[0]).toMatchObject({ call: null });
    expect(reply.status).toBe(200);
  });

  it('takes as long as the targets file says', () => {
    const { delivery } = attempt(null);
    if (delivery.kind !== 'response') throw new Error(delivery.how);
    expect(delivery.headersAtMs).toBeGreaterThan(50);
    expect(delivery.headersAtMs).toBeLessThan(2_000);
    expect(targets.price(`openai/${model}`)).toMatchObject({ input: 0.02, output: 0 });
    expect(targets.embeddings()).toContain(`openai/${model}`);
  });

  it('meets rejections, broken connections, stalls and cuts like any other', () => {
    const rejected = attempt({ kind: 'reject', rejection: { reason: 'overloaded' } });
    expect(rejected.reply).toMatchObject({ status: 503, reason: 'overloaded' });
    expect(rejected.end).toMatchObject({ input: 0, marker: false });
    const refused = attempt({ kind: 'connection', how: 'refused' });
    expect(refused.delivery).toMatchObject({ kind: 'broken', how: 'refused' });
    const stalled = attempt({ kind: 'stall', at: { at: 'headers' }, forMs: null });
    expect(stalled.delivery).toMatchObject({ headersAtMs: null, end: { how: 'never' } });
    const cut = attempt({ kind: 'cut', at: { at: 'share', share: 0.5 }, how: 'reset' });
    expect(cut.end).toMatchObject({ how: 'reset', marker: false });
    const inBand = attempt({
      kind: 'error-event',
      at: { at: 'first-event' },
      rejection: { reason: 'overloaded' },
    });
    expect(inBand.reply.status).toBe(200);
    expect(inBand.end.inBand).toBe('overloaded');
  });

  it.each([
    ['no-choices', []],
    ['null', [{ object: 'embedding', index: 0, embedding: null }]],
    ['empty', [{ object: 'embedding', index: 0, embedding: [] }]],
  ] as const)('may be degenerate: %s', async (form, data) => {
    expect(await dataOf(attempt({ kind: 'degenerate', form }))).toEqual(data);
  });

  it('may have another width, or be a page', async () => {
    const [short] = (await dataOf(attempt({ kind: 'degenerate', form: 'wrong-width' }))) as {
      embedding: number[];
    }[];
    expect(short?.embedding).toHaveLength(768);
    const { delivery } = attempt({ kind: 'degenerate', form: 'html' });
    if (delivery.kind !== 'response') throw new Error(delivery.how);
    expect(delivery.headers).toContainEqual(['content-type', 'text/html; charset=UTF-8']);
  });
});
