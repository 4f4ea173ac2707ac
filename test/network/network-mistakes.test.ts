// Requests that cannot be answered: the real upstream says so, the official SDK hears nothing.
import OpenAI from 'openai';
import { expect, test } from 'vitest';
import { HarnessError } from '../../harness/errors.ts';
import { callScope, enableNetwork } from '../../harness/network/network.ts';
import { createAnswerBook } from '../../harness/upstream/answer-book.ts';
import { createSchedule } from '../../harness/upstream/schedule.ts';
import { createTargets } from '../../harness/upstream/targets.ts';
import type { Upstream } from '../../harness/upstream/upstream.ts';
import { createUpstream } from '../../harness/upstream/upstream.ts';
import { wires } from '../../harness/wires/index.ts';
import { plainSample } from '../../harness/workloads/workload.ts';
import { onVirtualTime } from '../clock/virtual.ts';
import { virtualTimers } from '../stage.ts';

/** One host, one target, one sample with an answer. */
function oneTarget(): Upstream {
  const target = 'openai/gpt-4o';
  return createUpstream({
    seed: 1,
    book: createAnswerBook({
      name: 'one',
      provenance: 'written for this test',
      samples: [{ ...plainSample, id: 'known' }],
      recordings: [{ kind: 'authored', sample: 'known', target, text: 'Hello.', finish: 'stop' }],
    }),
    targets: createTargets([
      { hosts: [{ host: 'api.openai.com', provider: 'openai' }], models: {} },
    ]),
    wires: Object.values(wires),
    schedule: createSchedule([], 1),
    record: () => {},
    now: () => 0,
    epochMs: 0,
    keys: {},
  });
}

const messages = [{ role: 'user' as const, content: 'Hello?' }];
const chat = (client: OpenAI): Promise<unknown> =>
  client.chat.completions.create({ model: 'gpt-4o', messages });

interface Mistake {
  ask?(client: OpenAI): Promise<unknown>;
  host?: string;
  sample?: string;
  /** Outside every call. */
  stray?: true;
  message: RegExp;
}

const mistakes: Record<string, Mistake> = {
  'an unmapped host': {
    host: 'api.unheard.of',
    message: /api\.unheard\.of, a host that no targets file names: nothing was sent/,
  },
  'an unknown path': {
    ask: async (client) => client.models.list(),
    message: /no wire answers GET api\.openai\.com\/v1\/models/,
  },
  'a missing recording': {
    sample: 'unknown',
    message: /no recording of openai\/gpt-4o for the sample "unknown"/,
  },
  'a target without recordings': {
    ask: async (client) => client.chat.completions.create({ model: 'gpt-3', messages }),
    message: /no recording of openai\/gpt-3 .* recorded targets are openai\/gpt-4o/,
  },
  'a request of no call': { stray: true, message: /belongs to no call/ },
};

test.each(Object.keys(mistakes))('%s goes to the trial, and the SDK waits', async (name) => {
  const {
    ask = chat,
    host = 'api.openai.com',
    sample = 'known',
    stray,
    message,
  } = mistakes[name] as Mistake;
  const failures: Error[] = [];
  let settled = false;
  const network = await enableNetwork();
  network.enter({
    upstream: oneTarget(),
    timers: virtualTimers,
    fail: (error) => failures.push(error),
  });
  await onVirtualTime(async () => {
    const client = new OpenAI({ apiKey: 'k', baseURL: `https://${host}/v1`, timeout: 10_000 });
    const asking = (): Promise<void> =>
      ask(client)
        .catch(() => {})
        .then(() => {
          settled = true;
        });
    if (stray) asking();
    else callScope.run({ call: 1, sample }, asking);
    await new Promise((resolve) => setTimeout(resolve, 9000));
  });
  network.leave();
  await network.disable();
  expect(failures).toEqual([expect.any(HarnessError)]);
  expect(failures[0]?.message).toMatch(message);
  expect(settled).toBe(false);
});
