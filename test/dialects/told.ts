// What OpenAI's SDK tells its caller of an error of a host: a whole drill's upstream with the
// shipped targets, and the official client with that host as its base URL.
import OpenAI, { AzureOpenAI } from 'openai';
import type { Effect } from '../../harness/faults/effect.ts';
import type { Rejection } from '../../harness/faults/rejection.ts';
import { shippedTargets } from '../../harness/project.ts';
import { rule } from '../../harness/scenario/rule.ts';
import { createAnswerBook } from '../../harness/upstream/answer-book.ts';
import type { Delivery } from '../../harness/upstream/delivery.ts';
import { createSchedule } from '../../harness/upstream/schedule.ts';
import { createTargets, readTargets } from '../../harness/upstream/targets.ts';
import { createUpstream } from '../../harness/upstream/upstream.ts';
import { wires } from '../../harness/wires/index.ts';
import { plainSample } from '../../harness/workloads/workload.ts';
import { noon } from '../wires/served.ts';

/** Base URLs by dialect, as the documentation of each host has them. */
export const baseUrls = {
  azure: 'https://desk.openai.azure.com/openai/v1',
  openrouter: 'https://openrouter.ai/api/v1',
  groq: 'https://api.groq.com/openai/v1',
  cerebras: 'https://api.cerebras.ai/v1',
  mistral: 'https://api.mistral.ai/v1',
  deepseek: 'https://api.deepseek.com',
  xai: 'https://api.x.ai/v1',
  zai: 'https://api.z.ai/api/paas/v4',
  vllm: 'http://localhost:8000/v1',
} as const;

export type HostName = keyof typeof baseUrls;

export const model = 'a-model';
const text = 'Your parcel is on its way.';
const targets = createTargets(readTargets([shippedTargets]));
const book = createAnswerBook({
  name: 'one',
  provenance: 'written for this test',
  samples: [{ ...plainSample, id: 's' }],
  recordings: Object.keys(baseUrls).map((provider) => ({
    kind: 'authored' as const,
    sample: 's',
    target: `${provider}/${model}`,
    text,
    finish: 'stop' as const,
  })),
});

/** One exchange with a host: what went out, byte by byte, but for the time it took. */
export interface Exchange {
  fetch: typeof fetch;
  deliveries: Delivery[];
}

/** A `fetch` whose host does this to every request; its rule is said to have fired. */
export function hostThat(effect: Effect): Exchange {
  const deliveries: Delivery[] = [];
  const noop = rule.parse({ inject: 'noop' });
  const upstream = createUpstream({
    seed: 1,
    book,
    targets,
    wires: Object.values(wires),
    schedule: createSchedule([{ ...noop, arm: () => () => effect }], 1),
    record: () => {},
    now: () => 0,
    epochMs: noon,
    keys: {},
  });
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const headers = new Headers(init?.headers);
    const { delivery } = upstream.receive(
      {
        method: init?.method ?? 'GET',
        url: String(input),
        header: (name) => headers.get(name),
        body: String(init?.body ?? ''),
      },
      { call: 1, sample: 's' },
    );
    deliveries.push(delivery);
    if (delivery.kind !== 'response') throw new Error(delivery.how);
    const body = new Blob(delivery.frames.map(({ bytes }) => new Uint8Array(bytes)));
    return new Response(body, { status: delivery.status, headers: delivery.headers });
  };
  return { fetch, deliveries };
}

export interface Told {
  /** Of the error; null where there was none. */
  error: { class: string; status: unknown; code: unknown; message: string } | null;
  text: string;
  headers: Headers;
  /** The body as sent. */
  body: string;
}

/** One question to a host, without retries. */
export async function toldBy(
  host: HostName,
  effect: Effect,
  options: { stream?: boolean; path?: 'deployment' } = {},
): Promise<Told> {
  const { fetch, deliveries } = hostThat(effect);
  const common = { apiKey: 'sk-test', fetch, maxRetries: 0 };
  const client =
    options.path === 'deployment'
      ? new AzureOpenAI({
          ...common,
          endpoint: 'https://desk.openai.azure.com',
          apiVersion: '2024-10-21',
        })
      : new OpenAI({ ...common, baseURL: baseUrls[host] });
  const messages = [{ role: 'user' as const, content: 'Where is my parcel?' }];
  let said = '';
  let error: Told['error'] = null;
  try {
    if (options.stream) {
      const stream = await client.chat.completions.create({ model, messages, stream: true });
      for await (const chunk of stream) said += chunk.choices[0]?.delta.content ?? '';
    } else {
      const completion = await client.chat.completions.create({ model, messages });
      said = completion.choices?.[0]?.message.content ?? '';
    }
  } catch (thrown) {
    if (!(thrown instanceof OpenAI.APIError)) throw thrown;
    const { status, code, message } = thrown;
    error = { class: thrown.constructor.name, status, code, message };
  }
  const [delivery] = deliveries;
  if (delivery?.kind !== 'response') throw new Error('nothing was sent');
  const bytes = Buffer.concat(delivery.frames.map((frame) => frame.bytes));
  return { error, text: said, headers: new Headers(delivery.headers), body: bytes.toString() };
}

export function rejecting(rejection: Rejection): Effect {
  return { kind: 'reject', rejection };
}
