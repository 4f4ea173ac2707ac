// When a recorded answer comes again: at its own times, so many times as late, slowed by a fault,
// and as fast where it is rendered otherwise.
import { describe, expect, it } from 'vitest';
import type { HistoryEvent } from '../../harness/history.ts';
import type { Delivery } from '../../harness/upstream/delivery.ts';
import type { ExactRecording } from '../../harness/upstream/recording.ts';
import { frameTimes, served } from './served-recording.ts';

const event = (delta: object, finish: string | null = null): string =>
  `data: ${JSON.stringify({
    id: 'c',
    object: 'chat.completion.chunk',
    model: 'gpt-4o-2024-08-06',
    choices: [{ index: 0, delta, finish_reason: finish }],
  })}\n\n`;

const parts = [
  event({ role: 'assistant', content: '' }),
  event({ content: 'One' }),
  event({ content: ' two' }),
  event({ content: ' three' }),
  event({}, 'stop'),
  'data: [DONE]\n\n',
];
const text = parts.join('');
const at = [20, 120.4, 150, 480, 480, 481];

function streamed(chunks: { bytes: number; atMs?: number }[], headersMs?: number): ExactRecording {
  const headers: [string, string][] = [['content-type', 'text/event-stream']];
  const exchange = { status: 200, headers, body: { text }, chunks };
  return {
    kind: 'recorded',
    sample: 's',
    target: 'openai/gpt-4o',
    wire: 'openai-chat',
    exchange: headersMs === undefined ? exchange : { ...exchange, headersMs },
  };
}

const each = parts.map((part, index) => ({ bytes: part.length, atMs: at[index] ?? 0 }));
const recording = streamed(each, 300);

const asked = (stream = true) => ({ model: 'gpt-4o', stream });

type Response = Delivery & { kind: 'response' };

describe('a recorded stream', () => {
  it('comes at its own times, in whole ms', () => {
    const { delivery, history } = served(recording, asked());
    expect(frameTimes(delivery)).toEqual([300, 320, 420, 450, 780, 780, 781]);
    expect(history.find(({ e }) => e === 'reply')).toMatchObject({ times: 'recorded' });
  });

  it('counts a frame as there with its last byte, however it was cut into chunks', () => {
    const [first = 0, second = 0] = parts.map(({ length }) => length);
    const rest = text.length - first - second;
    const chunks = [
      { bytes: first + 10, atMs: 5 },
      { bytes: second - 10, atMs: 60 },
      { bytes: rest, atMs: 90 },
    ];
    const { delivery } = served(streamed(chunks, 100), asked());
    expect(frameTimes(delivery)).toEqual([100, 105, 160, 190, 190, 190, 190]);
  });

  it('comes so many times as late where the targets file says so', () => {
    const { delivery } = served(recording, asked(), { targets: 'recordedTimes: 2' });
    expect(frameTimes(delivery)).toEqual([600, 640, 841, 900, 1560, 1560, 1562]);
  });

  it('comes at the assumed pace where the targets file does not use its times', () => {
    const { delivery, history } = served(recording, asked(), { targets: 'recordedTimes: unused' });
    const untimed = served(streamed(parts.map(({ length }) => ({ bytes: length }))), asked());
    expect(frameTimes(delivery)).toEqual(frameTimes(untimed.delivery));
    expect(history.find(({ e }) => e === 'reply')).not.toHaveProperty('times');
    expect(frameTimes(delivery)).not.toEqual(frameTimes(served(recording, asked()).delivery));
  });

  it.each([
    ['the headers have no time', streamed(each)],
    ['a chunk has no time', streamed([...each.slice(0, -1), { bytes: 14 }], 300)],
    ['the times run backwards', streamed(each.toReversed(), 300)],
    ['the chunks are those of another body', streamed(each.slice(1), 300)],
  ])('comes at the assumed pace where %s', (_, one) => {
    const { delivery, history } = served(one, asked());
    expect(history.find(({ e }) => e === 'reply')).not.toHaveProperty('times');
    const untimed = served(recording, asked(), { targets: 'recordedTimes: unused' });
    expect(frameTimes(delivery)).toEqual(frameTimes(untimed.delivery));
  });

  it.each([
    [
      'a first token so many times as late',
      'ttftFactor: 3',
      [900, 960, 1261, 1291, 1621, 1621, 1622],
    ],
    ['a first token at a time of its own', 'ttft: 1s', [714, 761, 1000, 1030, 1360, 1360, 1361]],
    [
      'tokens of a speed of their own',
      'tokensPerSecond: 2',
      [300, 320, 420, 920, 1420, 1420, 1420],
    ],
    ['a length of its own', 'lasting: 10s', [300, 320, 420, 5420, 10420, 10420, 10420]],
  ])('is slowed by a fault: %s', (_, words, times) => {
    const { delivery, history } = served(recording, asked(), {
      faults: `{ inject: slow, ${words} }`,
    });
    expect(frameTimes(delivery)).toEqual(times);
    expect(history.filter(({ e }) => e === 'effect')).toHaveLength(1);
  });

  it('is slowed from the times that the factor gives it', () => {
    const { delivery } = served(recording, asked(), {
      faults: '{ inject: slow, ttftFactor: 2 }',
      targets: 'recordedTimes: 10',
    });
    expect(frameTimes(delivery).slice(0, 3)).toEqual([6000, 6400, 8408]);
  });

  it('breaks off and stalls at its own times', () => {
    const cut = served(recording, asked(), { faults: '{ inject: disconnect, at: 2 tokens }' });
    expect(frameTimes(cut.delivery)).toEqual([300, 320, 420, 450]);
    expect((cut.delivery as Response).end).toEqual({ how: 'reset', atMs: 780 });
    const stall = served(recording, asked(), {
      faults: '{ inject: stall, at: 1 tokens, lasting: 5s }',
    });
    expect(frameTimes(stall.delivery)).toEqual([300, 320, 420, 5450, 5780, 5780, 5781]);
  });
});

describe('a recorded stream that is rendered otherwise', () => {
  it('comes at once when its last word was recorded', () => {
    const { delivery, history } = served(recording, asked(false));
    expect(frameTimes(delivery)).toEqual([780, 780]);
    expect(replyIn(history)).toMatchObject({ times: 'recorded-speed' });
  });

  it('begins and ends on another wire as it did on its own', () => {
    const { delivery } = served(
      recording,
      { model: 'gpt-4o', stream: true },
      { path: 'responses' },
    );
    const times = (delivery as Response).times;
    expect(times.find((_, i) => (delivery as Response).frames[i]?.role === 'payload')).toBe(420);
    expect(times.at(-1)).toBe(780);
  });

  it('goes as fast where a fault changes what it says', () => {
    const faults = '{ inject: wrong-answer, as: garbled }';
    const { delivery, history } = served(recording, asked(), { faults });
    expect(replyIn(history)).toMatchObject({ times: 'recorded-speed' });
    const { frames, times } = delivery as Response;
    const spoken = times.filter((_, i) => frames[i]?.role === 'payload');
    expect(spoken[0]).toBe(420);
    // Three tokens in 360 ms: one each 180 ms.
    expect((spoken[1] ?? 0) - (spoken[0] ?? 0)).toBe(180);
  });
});

const json: [string, string][] = [['content-type', 'application/json']];

function whole(
  status: number,
  body: object,
  ms: [headersMs: number, atMs: number],
): ExactRecording {
  const text = JSON.stringify(body);
  const chunks = [{ bytes: text.length, atMs: ms[1] }];
  const exchange = { status, headers: json, headersMs: ms[0], body: { text }, chunks };
  return { kind: 'recorded', sample: 's', target: 'openai/gpt-4o', wire: 'openai-chat', exchange };
}

const message = { role: 'assistant', content: 'x'.repeat(400), refusal: null };
const completion = {
  id: 'c',
  object: 'chat.completion',
  model: 'gpt-4o',
  choices: [{ index: 0, message, finish_reason: 'stop' }],
};

describe('a recorded body at once', () => {
  const body = whole(200, completion, [1500, 40]);

  it('comes at its own time', () => {
    const { delivery, history } = served(body, asked(false));
    expect(frameTimes(delivery)).toEqual([1500, 1540]);
    expect(replyIn(history)).toMatchObject({ times: 'recorded' });
  });

  it('is slowed in the part that comes before the first word', () => {
    const faults = '{ inject: slow, ttftFactor: 3 }';
    const { delivery } = served(body, asked(false), { faults });
    const [headers, at] = frameTimes(delivery).map(Number);
    expect(Number(at) - Number(headers)).toBe(40);
    expect(at).toBeGreaterThan(1540);
    expect(at).toBeLessThan(3 * 1540);
    const later = served(body, asked(false), { faults: '{ inject: slow, ttft: 20s }' });
    expect(frameTimes(later.delivery)[1]).toBeGreaterThan(20_000);
    expect(frameTimes(later.delivery)[1]).toBeLessThan(21_540);
  });

  it('comes at the assumed pace as a stream: nobody knows when it began to speak', () => {
    const { delivery, history } = served(body, asked());
    expect(replyIn(history)).not.toHaveProperty('times');
    const { targets } = { targets: 'recordedTimes: unused' };
    expect(frameTimes(delivery)).toEqual(frameTimes(served(body, asked(), { targets }).delivery));
  });

  it('is an error at the time of the error', () => {
    const error = {
      error: { message: 'Slow down', type: 'requests', code: 'rate_limit_exceeded' },
    };
    const { delivery, history } = served(whole(429, error, [812, 3]), asked());
    expect(frameTimes(delivery)).toEqual([812, 815]);
    expect(replyIn(history)).toMatchObject({ status: 429, times: 'recorded' });
  });
});

function replyIn(history: HistoryEvent[]): HistoryEvent | undefined {
  return history.find(({ e }) => e === 'reply');
}
