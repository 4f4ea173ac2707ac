import { describe, expect, it } from 'vitest';
import type { KnownAnswer } from '../../harness/upstream/answer-book.ts';
import type { Others } from '../../harness/upstream/changed-answer.ts';
import { changedAnswer, fixedAnswer } from '../../harness/upstream/changed-answer.ts';
import { tokensOf } from '../../harness/upstream/tokens.ts';
import type { Sample } from '../../harness/workloads/workload.ts';
import { plainSample } from '../../harness/workloads/workload.ts';
import { decided } from '../faults/decide.ts';

const sample: Sample = { ...plainSample, id: 's', prompt: 'Who is there?' };

function known(text: string): KnownAnswer {
  return {
    answer: {
      id: `the answer ${text}`,
      text,
      reasoning: '',
      toolCalls: [],
      refusal: null,
      finish: 'stop',
      usage: { input: 4, output: 6, estimated: false },
    },
    event: {
      e: 'text',
      id: `the answer ${text}`,
      sample: 's',
      target: 'openai/gpt-4o',
      kind: 'recorded',
      text,
      refusal: false,
      score: 1,
    },
    exact: null,
    failure: null,
  };
}

const others: Others = { toAnother: () => known('Ask again.'), of: () => known('Me.') };

function after(rule: string, text = 'Nobody but the wind.'): KnownAnswer {
  const effect = decided(rule);
  if (!effect) throw new Error(`${rule} did nothing`);
  return changedAnswer(known(text), sample, [{ effect }], others).known;
}

it('reasons before it speaks: so many tokens more, and the same words', () => {
  const { answer, event } = after('{ inject: reasoning, tokens: 300 }');
  expect(tokensOf(answer.reasoning)).toBe(300);
  expect(answer.usage).toEqual({ input: 4, output: 306, estimated: false });
  expect([answer.text, event.score]).toEqual(['Nobody but the wind.', 1]);
});

it.each([
  ['as: other-sample', 'Ask again.'],
  ['of: openai/gpt-4o-mini', 'Me.'],
  ['as: prose', 'Sure, here it is: Nobody but the wind.'],
])('says something else with %s, and the history has it as altered', (keys, text) => {
  const { answer, event } = after(`{ inject: wrong-answer, ${keys} }`);
  expect(answer.text).toBe(text);
  expect(event).toMatchObject({ kind: 'altered', text, id: answer.id, score: 0 });
  expect(event.id).not.toBe(known('Nobody but the wind.').event.id);
});

it('refuses, and a refusal is not worth what the answer in its place would have been', () => {
  const { answer, event } = after('{ inject: degenerate, as: refusal }');
  expect(answer).toMatchObject({ text: '', finish: 'refusal' });
  expect(event).toMatchObject({ text: answer.refusal, refusal: true, score: 0 });
});

it('keeps every letter of a garbled answer', () => {
  const { text } = after('{ inject: wrong-answer, as: garbled }').answer;
  expect(text).not.toBe('Nobody but the wind.');
  expect([...text].sort()).toEqual([...'Nobody but the wind.'].sort());
});

describe('an answer in another language', () => {
  const told = (text: string): string =>
    after('{ inject: wrong-answer, as: other-language }', text).answer.text;

  it('has none of its words, and all of its numbers, ids and addresses', () => {
    const text =
      "Don't worry: order LK-60277 (2 items, €64.90) is at www.acme.com; ask me@acme.com.";
    const other = told(text);
    expect(other).toMatch(
      /^\P{L}*\p{L}[^:]*: \S+ LK-60277 \(2 \S+, €64\.90\) \S+ \S+ www\.acme\.com; \S+ me@acme\.com\.$/u,
    );
    expect(other).not.toMatch(/Don|worry|order|items|\bis\b|\bat\b|ask/);
  });

  it('keeps the structure and the keys of JSON, bare or in a block', () => {
    const json = '{\n  "order_id": "LK-1",\n  "lines": ["two\\nnew pens", 7, true, null]\n}';
    const bare = JSON.parse(told(json));
    expect(bare).toMatchObject({
      order_id: 'LK-1',
      lines: [expect.stringMatching(/^\S+\n\S+ \S+$/), 7, true, null],
    });
    expect(JSON.stringify(bare)).not.toMatch(/two|new|pens/);
    const block = told(`Here it is:\n\`\`\`json\n${json}\n\`\`\`\nBye.`);
    expect(block).toMatch(/^\S+ \S+ \S+:\n```json\n\{\n {2}"order_id": "LK-1",.*\n```\n\S+\.$/s);
    expect(block).not.toMatch(/Here|two|pens|Bye/);
  });
});

it('ruins JSON', () => {
  const { text } = after('{ inject: wrong-answer, as: invalid-json }', '{"a":[1,2]}').answer;
  expect(() => JSON.parse(text)).toThrow(SyntaxError);
});

it('ends at the output limit, in the middle of a word as it may be', () => {
  const { answer, event } = after('{ inject: output-limit, tokens: 2 }');
  expect(answer).toMatchObject({ text: 'Nobody but', finish: 'length', usage: { output: 2 } });
  expect(event).toMatchObject({ kind: 'altered', text: 'Nobody but' });
});

it('ends tool calls at the output limit, and begins none behind it', () => {
  const given = '{"order_id":"LK-31877"}';
  const calls = ['a', 'b'].map((id) => ({ id, name: 'find', arguments: given }));
  const told = known('');
  const effect = decided('{ inject: output-limit, tokens: 7 }');
  if (!effect) throw new Error('it did nothing');
  const asked = { ...told, answer: { ...told.answer, toolCalls: calls } };
  const { answer, event } = changedAnswer(asked, sample, [{ effect }], others).known;
  const cut = '{"order_id":"LK';
  expect(answer.toolCalls).toEqual([{ id: 'a', name: 'find', arguments: cut }]);
  expect(event.calls).toEqual([{ name: 'find', arguments: cut }]);
  expect(answer.finish).toBe('length');
});

const wind = 'Nobody but the wind.';

it.each([
  [
    'an output limit that it does not reach',
    `{ inject: output-limit, tokens: ${tokensOf(wind)} }`,
    wind,
  ],
  ['an output limit, where it says nothing', '{ inject: output-limit, tokens: 1 }', ''],
  ['a disorder of letters, where it has none', '{ inject: wrong-answer, as: garbled }', '42'],
  [
    'the answer to another question that is the same',
    '{ inject: wrong-answer, as: other-sample }',
    'Ask again.',
  ],
])('is left alone by %s, and nothing has fired', (_what, rule, text) => {
  const effect = decided(rule);
  const given = known(text);
  const rest = { effect: { kind: 'quirk', quirks: {} } as const };
  const fired = effect ? [{ effect }, rest] : [];
  const after = changedAnswer(given, sample, fired, others);
  expect(after.known).toBe(given);
  expect(after.fired).toEqual([rest]);
});

it('that nobody can change is met by no change', () => {
  const effect = decided('{ inject: wrong-answer, as: garbled }');
  const given = known(wind);
  expect(fixedAnswer(given, effect ? [{ effect }] : [])).toEqual({ known: given, fired: [] });
});
