import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { faults } from '../../harness/faults/index.ts';
import { mainIssue, telling } from '../../harness/scenario/issue.ts';
import { rule, windowsOf } from '../../harness/scenario/rule.ts';

const read = (text: string) => rule.parse(parse(text));

function refusal(text: string): { path: string; message: string } {
  const issue = mainIssue(rule.safeParse(parse(text), telling).error?.issues ?? []);
  return { path: issue?.path.join('.') ?? '', message: issue?.message ?? 'none' };
}

it('fires always, on everything, unless told otherwise', () => {
  const { arm, ...rest } = read('{ inject: rate-limit }');
  expect(rest).toEqual({
    fault: 'rate-limit',
    on: {},
    fromMs: 0,
    toMs: null,
    beat: null,
    chance: { from: 1, to: 1 },
    per: 'attempt',
    keepsState: false,
    answersOf: [],
    attempt: null,
    call: null,
    times: null,
  });
  expect(arm()).toBeTypeOf('function');
});

it('reads window, beat, chance, attempts and calls', () => {
  const text =
    '{ inject: stall, from: 1m, to: 3m, every: 20s, for: 5s, chance: 50% -> 0%, attempt: 2.., call: [1, 3], per: 30s, times: 2 }';
  expect(read(text)).toMatchObject({
    fromMs: 60_000,
    toMs: 180_000,
    beat: { everyMs: 20_000, forMs: 5_000 },
    chance: { from: 0.5, to: 0 },
    attempt: { from: 2, to: Number.POSITIVE_INFINITY },
    call: { list: [1, 3] },
    per: 30_000,
    times: 2,
  });
});

it('takes one name or several to fire on', () => {
  const { on } = read(
    '{ inject: noop, on: { provider: openai, model: [a, b], wire: openai-chat } }',
  );
  expect(on).toEqual({ provider: ['openai'], model: ['a', 'b'], wire: ['openai-chat'] });
});

describe('a rule that is wrong', () => {
  it.each(Object.keys(faults))('names the keys of %s beside those of every rule', (kind) => {
    const { message } = refusal(`{ inject: ${kind}, colour: red }`);
    expect(message).toMatch(/^unknown key "colour"/);
    for (const key of ['inject', 'on', 'from', 'chance']) expect(message).toContain(key);
  });

  it.each([
    ['{ inject: rate-limt }', 'inject', /did you mean rate-limit\?.*overloaded/],
    ['{ inject: 7 }', 'inject', /expected a fault: burst-limit, .*found 7/],
    ['{ inject: constructor }', 'inject', /unknown fault "constructor"/],
    ['{ chance: 3% }', 'inject', /is missing: write a fault: burst-limit/],
    ['{ inject: stall, lastin: 3s }', '', /did you mean lasting\?/],
    ['{ inject: noop, from: 5m, to: 5m }', 'to', /`to` must be after `from`/],
    ['{ inject: noop, every: 5m }', '', /go together/],
    ['{ inject: noop, every: 5m, for: 6m }', 'for', /longer than `every`/],
    ['{ inject: noop, chance: 60% -> 0% }', 'chance', /give `to`/],
    ['{ inject: noop, chance: 130% }', 'chance', /a share like 30%/],
    [
      '{ inject: noop, on: { vendor: openai } }',
      'on',
      /provider, model, region, key, wire, stream/,
    ],
    ['{ inject: noop, on: { wire: grpc } }', 'on.wire', /openai-chat/],
    ['{ inject: server-error, status: 200 }', 'status', /at least 400, found 200/],
    ['{ inject: disconnect, at: 40%, how: dns }', 'how', /happen before the headers/],
    ['{ inject: noop, times: 0 }', 'times', /a number of at least 1, found 0/],
    ['{ inject: noop, per: day }', 'per', /expected attempt, call, or a duration like 30s/],
    ['{ inject: noop, every: 0s, for: 0s }', 'every', /above 0/],
    ['{ inject: noop, on: { wire: [] } }', 'on.wire', /at least 1/],
    [
      '{ inject: stall, at: first-event, lasting: 1000d, keepalive: { every: 1ms } }',
      'keepalive',
      /more than 100000 times/,
    ],
    ['{ inject: slow }', '', /give ttft, ttftFactor, tokensPerSecond or lasting/],
    ['{ inject: stall, at: middle }', 'at', /first-token/],
  ])('%s is told', (text, path, message) => {
    expect(refusal(text)).toEqual({ path, message: expect.stringMatching(message) });
  });
});

it('shows scorers one window for each provider, model and region that it names', () => {
  const windows = windowsOf(
    read('{ inject: noop, on: { model: [a, b], region: eu }, from: 1s, to: 2s }'),
  );
  const window = { fault: 'noop', provider: null, region: 'eu', fromMs: 1000, toMs: 2000 };
  expect(windows).toEqual([
    { ...window, model: 'a' },
    { ...window, model: 'b' },
  ]);
});
