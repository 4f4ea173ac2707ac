// How recording waits, plans and counts, without a network and without a clock.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Budget, LimitReached, mostOf } from '../../harness/recordings/budget.ts';
import { Capture } from '../../harness/recordings/capture.ts';
import type { Asked, RealTarget } from '../../harness/recordings/real-target.ts';
import { recordAll } from '../../harness/recordings/record.ts';
import { RecordJournal } from '../../harness/recordings/record-journal.ts';
import type { RecordJob } from '../../harness/recordings/record-plan.ts';
import { mergedRecordings, planRecording } from '../../harness/recordings/record-plan.ts';
import { Redaction } from '../../harness/recordings/redaction.ts';
import type { Sample } from '../../harness/workloads/workload.ts';
import { plainSample } from '../../harness/workloads/workload.ts';
import { folderWith } from '../cli.ts';

function sampleOf(id: string): Sample {
  return { ...plainSample, id, prompt: `Question ${id}?` };
}

const settings = {
  targets: [
    {
      provider: 'openai' as const,
      model: 'gpt-4o',
      name: 'openai/gpt-4o',
      keyVariable: 'OPENAI_API_KEY',
      baseURL: 'https://api.openai.com/v1',
      hasOwnURL: false,
      region: null,
      wire: 'openai-chat' as const,
    },
  ],
  stream: false,
  maxTokens: 100,
};

const body = new TextEncoder().encode(
  '{"model":"gpt-4o","choices":[{"message":{"content":"Yes."},"finish_reason":"stop"}]}',
);

function answer(status: number, failure: Asked['failure'] = null): Asked {
  const captured = {
    request: { headers: [] },
    status,
    headers: [['content-type', 'application/json'] as [string, string]],
    headersMs: 5,
    body,
    chunks: [{ bytes: body.length, atMs: 0 }],
    isWhole: true,
  };
  const usage = failure ? null : { input: 1, output: 1 };
  return { captured, text: 'Yes.', calls: [], usage, failure };
}

const busy = (hintMs: number | null) =>
  answer(429, { meaning: 'rate-limit', retry: true, hintMs, outcome: '429' });

function scripted(...answers: Asked[]): RealTarget {
  return { ask: async () => answers.shift() ?? answer(200) };
}

function inputOf(target: RealTarget, jobs: RecordJob[], signal = new AbortController()) {
  const dir = folderWith();
  const slept: number[] = [];
  const journal = new RecordJournal(join(dir, 'x.journal'));
  const budget = new Budget(null, null);
  const input = {
    jobs,
    journal,
    budget,
    redaction: new Redaction([], []),
    keepErrors: false,
    retries: 3,
    date: '2026-01-31',
    sleep: async (ms: number) => {
      slept.push(ms);
    },
    open: () => target,
    price: () => ({ input: 1, output: 1 }),
    signal: signal.signal,
    onStep: () => {},
  };
  return { input, slept, journal, budget };
}

const jobsOf = (...ids: string[]): RecordJob[] =>
  planRecording(ids.map(sampleOf), settings, [], 1, []).jobs;

describe('politeness', () => {
  it('waits as long as a provider asks for, and longer each time where it asks for nothing', async () => {
    const target = scripted(busy(7_000), busy(null), busy(10), answer(200));
    const { input, slept, journal, budget } = inputOf(target, jobsOf('a'));
    const { failures } = await recordAll(input);
    expect(slept).toEqual([7_000, 2_000, 4_000]);
    expect(failures.size).toBe(0);
    expect(budget.spent).toMatchObject({ requests: 4, tokens: 2 });
    expect([...journal.begun.values()]).toMatchObject([{ isDone: true, isOpen: false }]);
  });

  it('gives up after its retries, and at once where it would wait for more than two minutes', async () => {
    const often = inputOf(scripted(busy(1), busy(1), busy(1), busy(1)), jobsOf('a'));
    const result = await recordAll(often.input);
    expect(often.slept).toHaveLength(3);
    expect([...result.failures]).toEqual([['openai/gpt-4o at api.openai.com: 429', 1]]);
    const long = inputOf(scripted(busy(121_000)), jobsOf('a'));
    await recordAll(long.input);
    expect(long.slept).toEqual([]);
  });

  it('sends nothing further once it is to stop, not even a retry', async () => {
    const stop = new AbortController();
    const { input, budget } = inputOf(scripted(busy(1)), jobsOf('a', 'b'), stop);
    await recordAll({ ...input, sleep: async () => stop.abort() });
    expect(budget.spent.requests).toBe(1);
  });
});

describe('the plan', () => {
  it('asks for what is missing, less what may have been paid', () => {
    const [first] = jobsOf('a');
    if (!first) throw new Error('nothing is planned');
    const open = planRecording([sampleOf('a')], settings, [], 3, [first.key]);
    expect(open).toMatchObject({ unfinished: 1, done: 0 });
    expect(open.jobs).toHaveLength(2);
    expect(open.jobs.map(({ key }) => key)).not.toContain(first.key);
  });

  it('asks two regions of one target once', () => {
    const [target] = settings.targets;
    if (!target) throw new Error('there is no target');
    const eu = { ...target, baseURL: 'https://eu.api.openai.com/v1', region: 'eu' };
    const { jobs } = planRecording(
      [sampleOf('a')],
      { ...settings, targets: [target, eu] },
      [],
      1,
      [],
    );
    expect(jobs.map((job) => job.target.baseURL)).toEqual([target.baseURL]);
  });

  it('puts an answer into the file once, whenever the kill came', async () => {
    const jobs = jobsOf('b', 'a');
    const { input, journal } = inputOf(scripted(), jobs);
    await recordAll(input);
    const answered = new Map([...journal.begun].map(([key, { kept }]) => [key, kept]));
    const samples = ['a', 'b'].map(sampleOf);
    const once = mergedRecordings(samples, settings.targets, [], answered);
    expect(once.map(({ sample }) => sample)).toEqual(['a', 'b']);
    expect(mergedRecordings(samples, settings.targets, once, answered)).toEqual(once);
  });
});

describe('the journal', () => {
  it('is read without a line that was torn off, and refused where it is something else', async () => {
    const { input, journal } = inputOf(scripted(), jobsOf('a', 'b'));
    await recordAll(input);
    journal.close();
    const text = readFileSync(journal.file, 'utf8');
    writeFileSync(journal.file, text.slice(0, -20));
    const torn = new RecordJournal(journal.file);
    expect([...torn.begun.values()].map(({ isDone, isOpen }) => [isDone, isOpen])).toEqual([
      [true, false],
      [false, true],
    ]);
    torn.forget(() => true);
    expect(existsSync(journal.file)).toBe(false);
    writeFileSync(journal.file, 'hello\n');
    expect(() => new RecordJournal(journal.file)).toThrow(/:1: is no line of a journal/);
  });
});

describe('the budget', () => {
  it('sets the most aside until a request is settled', () => {
    const budget = new Budget(1, null);
    const price = { input: 1, output: 1 };
    budget.take(0.6);
    expect(() => budget.take(0.6)).toThrow(LimitReached);
    budget.settle(0.6, price, { input: 100_000, output: 0 });
    budget.take(0.6);
    budget.settle(0.6, price, null);
    expect(budget.spent.usd).toBeCloseTo(0.7);
    expect(() => budget.take(0.6)).toThrow('--max-cost');
  });

  it('counts no token for less than a byte', () => {
    const price = { input: 1_000_000, output: 1_000_000 };
    expect(mostOf(price, ['漢字'], 10)).toBeGreaterThan(6 + 10);
  });
});

describe('what is captured', () => {
  it('is all of a body, also what an SDK leaves unread', async () => {
    let now = 0;
    const parts = ['one ', 'two ', 'three'];
    const source = async () => {
      now += 40;
      const pull = (controller: ReadableStreamDefaultController<Uint8Array>): void => {
        const part = parts.shift();
        now += 10;
        if (part === undefined) controller.close();
        else controller.enqueue(new TextEncoder().encode(part));
      };
      const stream = new ReadableStream<Uint8Array>({ pull }, { highWaterMark: 0 });
      return new Response(stream, { headers: { 'content-type': 'text/plain' } });
    };
    const capture = new Capture(
      source,
      () => now,
      () => null,
    );
    const response = await capture.fetch('https://x.test/', { headers: { authorization: 'k' } });
    const reader = response.body?.getReader();
    await reader?.read();
    await reader?.cancel();
    const captured = await capture.taken();
    expect(captured).toMatchObject({ status: 200, headersMs: 40, isWhole: true });
    expect(captured?.request.headers).toEqual([['authorization', 'k']]);
    expect(Buffer.from(captured?.body ?? []).toString()).toBe('one two three');
    expect(captured?.chunks?.map(({ bytes }) => bytes)).toEqual([4, 4, 5]);
    expect(await capture.taken()).toBe(null);
  });
});

describe('redaction', () => {
  it('puts as many bytes in the place of what it takes away', () => {
    const redaction = new Redaction(['se"cret-é1'], [/cust-\d+/gu]);
    const bytes = new TextEncoder().encode('{"a":"se\\"cret-é1","b":"cust-12 org-AbCdEf123456"}');
    const masked = redaction.bytes(bytes);
    expect(masked).toHaveLength(bytes.length);
    expect(Buffer.from(masked).toString()).toMatch(/^\{"a":"\*+","b":"\*{7} \*{16}"\}$/);
    const binary = Uint8Array.of(0xff, ...Buffer.from('cust-99'));
    expect([...redaction.bytes(binary)]).toEqual([0xff, ...Buffer.from('*******')]);
  });

  it('leaves words alone that only stand beside a secret', () => {
    const redaction = new Redaction([], []);
    const cookie: [string, string] = ['set-cookie', 'sid=abcdefgh1234; Path=/; HttpOnly; Secure'];
    redaction.learn({ headers: [['authorization', 'Bearer key-0123456789']] }, [cookie]);
    const words = 'Bearer HttpOnly Secure org-structure the organization structure, risk-adjusted';
    expect(redaction.text(words)).toBe(words);
    expect(redaction.text('key-0123456789 abcdefgh1234')).toMatch(/^\*+ \*+$/);
  });
});
