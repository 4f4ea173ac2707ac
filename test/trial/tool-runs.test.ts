import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HistoryEvent } from '../../harness/history.ts';
import { questionOf } from '../../harness/trial/caller.ts';
import { ToolRuns } from '../../harness/trial/tool-runs.ts';
import type { Sample } from '../../harness/workloads/workload.ts';
import { plainSample } from '../../harness/workloads/workload.ts';

const sample: Sample = {
  ...plainSample,
  id: 'a',
  prompt: 'Where is it?',
  tools: [
    {
      name: 'find',
      description: 'Finds it',
      parameters: { type: 'object', required: ['id'] },
      results: ['sent', 'here'],
    },
  ],
};

function started() {
  const events: HistoryEvent[] = [];
  const runs = new ToolRuns(
    (event) => events.push(event),
    () => 42,
  );
  const run = (args: unknown, call = 7) => {
    const [tool] = runs.of(call, sample);
    if (!tool) throw new Error('no tool');
    return tool.run(args);
  };
  return { events, runs, run };
}

describe('a tool of a question', () => {
  it('writes down each run as the call that it was given to, and says its results in order', async () => {
    const { events, runs } = started();
    const [tool] = runs.of(3, sample);
    const said = [
      await tool?.run({ id: 1 }),
      await tool?.run('{"id":2}'),
      await tool?.run({ id: 3 }),
    ];
    expect(said).toEqual(['sent', 'here', 'here']);
    expect(events).toEqual(
      ['{"id":1}', '{"id":2}', '{"id":3}'].map((given) => {
        return { e: 'tool', t: 42, call: 3, name: 'find', arguments: given, ok: true };
      }),
    );
  });

  it('begins anew for every call', async () => {
    const { run } = started();
    expect([await run({ id: 1 }, 1), await run({ id: 1 }, 2)]).toEqual(['sent', 'sent']);
  });

  it.each([
    ['{"id":', 'find cannot be run: its arguments are no JSON'],
    ['', 'its arguments are no JSON'],
    [undefined, 'its arguments are no JSON'],
    ['[1]', 'its arguments are no object'],
    [null, 'its arguments are no object'],
    [{ name: 'x' }, 'its arguments lack id'],
    ['{}', 'its arguments lack id'],
  ])('cannot be run with %o, and that is counted too', async (args, words) => {
    const { events, run } = started();
    await expect(run(args)).rejects.toThrow(words);
    expect(events).toMatchObject([{ e: 'tool', ok: false }]);
  });

  it('never throws anything but its own words, whatever it is given', async () => {
    await fc.assert(
      fc.asyncProperty(fc.anything(), async (args) => {
        const { events, run } = started();
        const ended = await run(args).catch((error: Error) => error.message);
        expect(ended === 'sent' || String(ended).startsWith('find cannot be run')).toBe(true);
        expect(events).toHaveLength(1);
        expect(JSON.parse(JSON.stringify(events[0]))).toEqual(events[0]);
      }),
    );
  });

  it('writes nothing once the trial is over', async () => {
    const { events, runs, run } = started();
    runs.close();
    await expect(run({ id: 1 })).rejects.toThrow('after the end of the trial');
    expect(events).toEqual([]);
  });
});

describe('a question', () => {
  it('has no tools where its sample has none', () => {
    const { tools: _tools, ...plain } = sample;
    expect(questionOf(plain, 1).tools).toEqual([]);
    expect(started().runs.of(1, plain)).toEqual([]);
  });
});
