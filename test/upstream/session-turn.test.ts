import { describe, expect, it } from 'vitest';
import type { HistoryEvent } from '../../harness/history.ts';
import { createAnswerBook } from '../../harness/upstream/answer-book.ts';
import { Answers } from '../../harness/upstream/answers.ts';
import type { Recording } from '../../harness/upstream/recording.ts';
import { recordingSchema } from '../../harness/upstream/recording.ts';
import { begunIn, lastTurn, servedTurn, turnOf } from '../../harness/upstream/session-turn.ts';
import { anthropicMessages } from '../../harness/wires/anthropic-messages.ts';
import { openaiChat } from '../../harness/wires/openai-chat.ts';
import { openaiResponses } from '../../harness/wires/openai-responses.ts';
import type { Asked, Wire } from '../../harness/wires/wire.ts';
import type { Sample } from '../../harness/workloads/workload.ts';
import { plainSample } from '../../harness/workloads/workload.ts';

const target = 'openai/gpt-4o';
const tools = [
  { name: 'find', description: 'Finds', parameters: { type: 'object' }, results: ['here'] },
];
const plain: Sample = { ...plainSample, id: 'a', prompt: 'Where?' };
const sample: Sample = { ...plain, tools };

function asked(wire: Wire, path: string, body: object): Asked {
  const found = wire.decode({
    method: 'POST',
    url: `https://host/v1${path}`,
    header: () => null,
    body: JSON.stringify(body),
  });
  if (!found) throw new Error('not understood');
  return found;
}

const user = { role: 'user', content: 'Where?' };
const chat = (...messages: object[]): Asked =>
  asked(openaiChat, '/chat/completions', { model: 'gpt-4o', messages: [user, ...messages] });
const called = (id: string) => ({
  id,
  type: 'function',
  function: { name: 'find', arguments: '{}' },
});

const twoResults: [string, Asked][] = [
  [
    'chat completions',
    chat(
      { role: 'assistant', content: 'I look.', tool_calls: [called('1'), called('2')] },
      { role: 'tool', tool_call_id: '1', content: 'here' },
      { role: 'tool', tool_call_id: '2', content: '' },
    ),
  ],
  [
    'responses',
    asked(openaiResponses, '/responses', {
      model: 'gpt-4o',
      input: [
        user,
        { role: 'assistant', content: 'I look.' },
        { type: 'function_call', call_id: '1', name: 'find', arguments: '{}' },
        { type: 'function_call', call_id: '2', name: 'find', arguments: '{}' },
        { type: 'function_call_output', call_id: '1', output: 'here' },
        { type: 'function_call_output', call_id: '2', output: '' },
      ],
    }),
  ],
  [
    'messages',
    asked(anthropicMessages, '/messages', {
      model: 'claude-x',
      max_tokens: 10,
      messages: [
        user,
        {
          role: 'assistant',
          content: [
            { type: 'text', text: 'I look.' },
            { type: 'tool_use', id: '1', name: 'find', input: {} },
          ],
        },
        {
          role: 'user',
          content: [
            { type: 'tool_result', tool_use_id: '1', content: 'here' },
            { type: 'tool_result', tool_use_id: '2', content: [] },
          ],
        },
      ],
    }),
  ],
];

describe.each(twoResults)('the turn of a request by %s', (_, request) => {
  it('is 1 and the tool results in it', () => {
    expect(turnOf(sample, request)).toBe(3);
    expect(turnOf(plain, request)).toBeNull();
    expect(turnOf(null, request)).toBeNull();
  });

  it('goes on from nothing: what went with the calls is over', () => {
    expect(begunIn(request)).toBe('');
  });
});

it('goes on from what was said after the last result', () => {
  const result = { role: 'tool', tool_call_id: '1', content: 'here' };
  expect(begunIn(chat(result, { role: 'assistant', content: 'It is' }, user))).toBe('It is');
  expect(begunIn(chat({ role: 'assistant', content: 'It is' }, user))).toBe('It is');
});

it.each([
  [[1, 2, 3], 2, 2],
  [[1, 3], 2, 1],
  [[1, 3], 3, 3],
  [[1, 3], 5, 3],
  [[1], 1, 1],
  [[1], 2, null],
  [[], 1, null],
])('of the recorded turns %j a request for turn %i gets %s', (recorded, wanted, served) => {
  expect(servedTurn(recorded, wanted)).toBe(served);
});

const recordings: Recording[] = [
  { text: 'I look.', toolCalls: [{ name: 'find', arguments: { a: 1 } }] },
  { text: 'I look twice.', toolCalls: [{ name: 'find', arguments: '{"a":' }] },
  { text: 'It is here.', turn: 2 },
  { text: 'I look. And I see it.', turn: 2 },
].map((one) => recordingSchema.parse({ kind: 'authored', sample: 'a', target, ...one }));

const book = createAnswerBook({ name: 'w', provenance: 'authored', samples: [sample], recordings });

describe('the answer book', () => {
  it('finds by turn and draw, and keeps the calls as they are written', () => {
    const [first, second] = [0, 1].map((draw) => book.find('a', target, draw));
    expect(first?.answer).toMatchObject({
      finish: 'tool-calls',
      toolCalls: [{ id: '', name: 'find', arguments: '{"a":1}' }],
    });
    expect(second?.answer.toolCalls[0]?.arguments).toBe('{"a":');
    expect(first?.event).toMatchObject({
      score: null,
      calls: [{ name: 'find', arguments: '{"a":1}' }],
    });
    expect(first?.event).not.toHaveProperty('turn');
    expect(book.find('a', target, 3, 2)).toMatchObject({
      answer: { text: 'I look. And I see it.', finish: 'stop', toolCalls: [] },
      event: { turn: 2 },
    });
    expect(book.find('a', target, 0, 3)).toBeNull();
    expect(book.turns('a', target)).toEqual([1, 2]);
  });

  it('knows what ends a session, whatever the draw', () => {
    expect([0, 1].map((draw) => lastTurn(book, 'a', target, draw)?.answer.text)).toEqual([
      'It is here.',
      'I look. And I see it.',
    ]);
  });
});

describe('the answers of a trial', () => {
  const from = { call: 1, sample: 'a' };
  const events: HistoryEvent[] = [];
  const answers = new Answers(book, (event) => events.push(event), 1);
  const result = { role: 'tool', tool_call_id: '1', content: 'here' };
  const said = { role: 'assistant', content: 'I look.', tool_calls: [called('1')] };

  it('are those of the turn, and never the rest of what went with a call', () => {
    const first = answers.to(from, target, chat(), []);
    const second = answers.to(from, target, chat(said, result), []);
    expect([first, second]).toMatchObject([
      { known: { event: { kind: 'authored' } } },
      { known: { event: { kind: 'authored', turn: 2 } } },
    ]);
  });

  it('are a clear error where nothing after the first turn was recorded', () => {
    const one = createAnswerBook({
      name: 'w',
      provenance: 'authored',
      samples: [sample],
      recordings: recordings.slice(0, 1),
    });
    const found = new Answers(one, () => {}, 1).to(from, target, chat(said, result), []);
    expect(found).toMatchObject({
      message:
        'no recording of openai/gpt-4o for turn 2 of the sample "a" (after one tool result): ' +
        'nothing can be answered; recorded turns are 1',
    });
  });
});
