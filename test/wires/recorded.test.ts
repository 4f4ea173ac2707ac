import { expect, it } from 'vitest';
import { wires } from '../../harness/wires/index.ts';
import { joined, sseFrames } from '../../harness/wires/sse.ts';
import type { Asked } from '../../harness/wires/wire.ts';
import { describeData } from '../data.ts';
import { type Recorded, recordedExchanges } from './recorded.ts';
import { rawRequest } from './served.ts';

/** Its tool runs at the provider; the caller gets no call. */
const ownTool = 'TestOpenAIWebSearch';
/** Shortened by its maintainers: most deltas are gone, as the sequence numbers show. */
const shortened = 'openai-phase.1.chunks.txt';

describeData('wires on what others recorded', (dir) => {
  const all = (): Recorded[] => recordedExchanges(dir);
  const where = ({ row }: Recorded): string => `${row.kind} ${row.file}#${row.pos}`;
  const textOf = (body: Uint8Array): string => new TextDecoder().decode(body);

  it('finds an answer in every success and none in an error', () => {
    const successes = all().filter(({ row }) => row.status === '200');
    expect(successes.length).toBeGreaterThan(100);
    for (const one of successes) {
      const answer = wires[one.wire].read(textOf(one.body), one.sse);
      if (one.row.kind.startsWith('sse_error')) {
        expect(answer, where(one)).toBeNull();
        continue;
      }
      expect(answer, where(one)).not.toBeNull();
      if (answer === null) continue;
      const said = answer.text.length + answer.toolCalls.length + (answer.refusal?.length ?? 0);
      const cut = answer.finish === 'length' || answer.finish === 'content-filter';
      expect(said > 0 || cut, where(one)).toBe(true);
      for (const call of answer.toolCalls) {
        expect(call.name, where(one)).not.toBe('');
        if (!cut) expect(() => JSON.parse(call.arguments), where(one)).not.toThrow();
      }
    }
  });

  it('finds the kind that the index says', () => {
    for (const one of all().filter(({ row }) => row.status === '200')) {
      const answer = wires[one.wire].read(textOf(one.body), one.sse);
      if (one.row.kind === 'refusal') expect(answer?.finish, where(one)).toBe('refusal');
      if (one.row.kind === 'truncated') expect(answer?.finish, where(one)).toBe('length');
      if (one.row.kind === 'content_filter') {
        expect(answer?.finish, where(one)).toBe('content-filter');
      }
      if (one.row.kind === 'tool' && !one.row.file.includes(ownTool)) {
        expect(answer?.toolCalls, where(one)).not.toEqual([]);
      }
    }
  });

  it('keeps every byte of a stream, and counts the characters that reading finds', () => {
    const streams = all().filter(({ sse }) => sse);
    expect(streams.length).toBeGreaterThan(40);
    for (const one of streams) {
      const wire = wires[one.wire];
      const frames = sseFrames(one.body, wire);
      expect(Buffer.from(joined(frames.map(({ bytes }) => bytes))).equals(one.body)).toBe(true);
      const answer = wire.read(textOf(one.body), true);
      if (answer === null) {
        expect(
          frames.some(({ role }) => role === 'error'),
          where(one),
        ).toBe(true);
        continue;
      }
      const chars = frames.reduce((sum, frame) => sum + frame.chars, 0);
      const silent = one.wire === 'anthropic-messages' || one.wire === 'gemini';
      const refusal = silent ? 0 : (answer.refusal?.length ?? 0);
      const expected = one.row.file.endsWith(shortened) ? 25 : answer.text.length + refusal;
      expect(chars, where(one)).toBe(expected);
      expect(
        frames.some(({ marker }) => marker),
        where(one),
      ).toBe(true);
    }
  });

  it("shows OpenAI's thoughts as they were streamed, in every shape that hosts have", () => {
    const shapes = new Set<string>();
    for (const one of all().filter(({ sse, wire }) => sse && wire.startsWith('openai-'))) {
      const answer = wires[one.wire].read(textOf(one.body), true);
      const thoughts = sseFrames(one.body, wires[one.wire]).filter(
        ({ role }) => role === 'reasoning',
      );
      if (answer === null) continue;
      expect(thoughts.length > 0, where(one)).toBe(answer.reasoning !== '');
      for (const frame of thoughts) {
        expect(frame, where(one)).toMatchObject({ part: 'reasoning', chars: 0 });
        const shape = /"(reasoning|reasoning_content|response\.reasoning_\w+\.delta)":?/;
        shapes.add(shape.exec(textOf(frame.bytes))?.[1] ?? 'unknown');
      }
    }
    expect([...shapes].sort()).toEqual([
      'reasoning',
      'response.reasoning_summary_text.delta',
      'response.reasoning_text.delta',
    ]);
  });

  it('objects to no request that a provider answered', () => {
    let asked = 0;
    for (const one of all().filter(({ row }) => row.status === '200')) {
      const question = understood(one);
      if (question === null) continue;
      asked++;
      expect(wires[one.wire].objection(question), where(one)).toBeNull();
      expect(
        question.turns.some(({ role }) => role === 'user'),
        where(one),
      ).toBe(true);
      expect(question.model, where(one)).not.toBe('');
    }
    expect(asked).toBeGreaterThan(80);
  });

  it('objects as the provider did to a cap that it does not take', () => {
    const rules = /max_tokens|max_output_tokens|non-empty content/;
    let seen = 0;
    for (const one of all().filter(({ row }) => row.status === '400')) {
      const { error } = JSON.parse(textOf(one.body) || '{}');
      const question = understood(one);
      if (question === null || !rules.test(error?.message ?? '')) continue;
      seen++;
      expect(wires[one.wire].objection(question)?.message, where(one)).toBe(error.message);
    }
    expect(seen).toBeGreaterThan(3);
  });
});

/** The request with a key, which recorders leave out; null where its body was not kept. */
function understood({ request, wire, url: kept }: Recorded): Asked | null {
  if (request === null) return null;
  if (wire === 'gemini') {
    return kept ? wires[wire].decode(rawRequest(kept, request, { 'x-goog-api-key': 'k' })) : null;
  }
  const path = { 'openai-chat': 'chat/completions', 'openai-responses': 'responses' };
  const url = `http://llm.test/v1/${wire === 'anthropic-messages' ? 'messages' : path[wire]}`;
  const headers = { authorization: 'Bearer sk-test', 'anthropic-version': '2023-06-01' };
  return wires[wire].decode(rawRequest(url, request, headers));
}
