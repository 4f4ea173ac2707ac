import fc from 'fast-check';
import { expect, it } from 'vitest';
import { wires } from '../../harness/wires/index.ts';
import { joined, parseSse, sseFrames, sseSplitter } from '../../harness/wires/sse.ts';
import { textOf } from './served.ts';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

function split(chunks: Uint8Array[]): string[] {
  const splitter = sseSplitter();
  const blocks = chunks.flatMap((chunk) => splitter.push(chunk));
  return [...blocks, ...splitter.end()].map((block) => new TextDecoder().decode(block));
}

/** Streams that look like streams: lines of every kind with every line end. */
const streams = fc
  .array(
    fc.tuple(
      fc.constantFrom(
        'data: {"a":1}',
        'data:x',
        'event: ping',
        ': comment',
        'id: 4',
        '',
        'data: ü😀',
      ),
      fc.constantFrom('\n', '\r\n', '\r'),
    ),
  )
  .map((lines) => lines.flat().join(''));

it('any chunking of any stream gives the same blocks, and every byte of it', () => {
  const cuts = fc.array(fc.nat(200), { maxLength: 12 });
  const check = (text: string, at: number[]): void => {
    const bytes = bytesOf(text);
    const marks = [
      0,
      ...at.filter((cut) => cut < bytes.length).sort((a, b) => a - b),
      bytes.length,
    ];
    const chunks = marks.slice(1).map((mark, i) => bytes.subarray(marks[i], mark));
    expect(split(chunks)).toEqual(split([bytes]));
    expect(split(chunks).join('')).toBe(text);
  };
  fc.assert(fc.property(streams, cuts, check));
  fc.assert(fc.property(fc.string({ unit: 'binary' }), cuts, check));
});

it('blocks hold one event each, and all events of the stream', () => {
  fc.assert(
    fc.property(streams, (text) => {
      const events = split([bytesOf(text)]).map((block) => parseSse(block));
      for (const some of events) expect(some.length).toBeLessThanOrEqual(1);
      expect(events.flat()).toEqual(parseSse(text));
    }),
  );
});

it.each(['\n', '\r\n', '\r'])('reads fields with line end %j', (end) => {
  const text = ['event: a', 'data: one', 'data:two', ': note', 'retry: 5', '', 'data', '', ''];
  expect(parseSse(text.join(end))).toEqual([
    { event: 'a', data: 'one\ntwo' },
    { event: null, data: '' },
  ]);
});

it('takes off one blank after the colon and leaves the rest', () => {
  expect(parseSse('data:  x \n\n')).toEqual([{ event: null, data: ' x ' }]);
});

it('skips a byte order mark, comments and what has no blank line after it', () => {
  expect(parseSse('\ufeffdata: a\n\n: OPENROUTER PROCESSING\n\ndata: b\n')).toEqual([
    { event: null, data: 'a' },
  ]);
});

it('frames of a recorded stream keep comments, padding and stray blank lines', () => {
  const body =
    ': PROCESSING\r\n\r\ndata: {"choices":[{"delta":{"content":"Hi"}}]}   \r\n\r\n\r\n' +
    'data: {"choices":[{"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n\ndata: {"cho';
  const frames = sseFrames(bytesOf(body), wires['openai-chat']);
  expect(textOf(frames)).toBe(body);
  expect(frames.map(({ role, chars, marker }) => [role, chars, marker])).toEqual([
    ['keepalive', 0, false],
    ['payload', 2, false],
    ['closing', 0, true],
    ['closing', 0, true],
    ['keepalive', 0, false],
  ]);
});

it('joins byte arrays in order', () => {
  expect(joined([bytesOf('a'), bytesOf(''), bytesOf('bc')])).toEqual(bytesOf('abc'));
  expect(joined([])).toEqual(new Uint8Array());
});
