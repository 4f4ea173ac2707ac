import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wires } from '../../harness/wires/index.ts';
import { sseFrames } from '../../harness/wires/sse.ts';
import type { Answer, Asked, Frame, Wire } from '../../harness/wires/wire.ts';
import { textWireNames } from '../../harness/wires/wire-name.ts';
import { answers, askedOf, stamp, textOf } from './served.ts';

const paths = {
  'openai-chat': 'chat/completions',
  'openai-responses': 'responses',
  'anthropic-messages': 'messages',
  gemini: 'models/a-model:generateContent',
} as const;

/** Those whose answers are texts: vectors cannot be read back. */
type TextWire = Wire & { name: keyof typeof paths };

function urlOf(wire: TextWire, stream: boolean): string {
  const path = stream
    ? paths[wire.name].replace(':generateContent', ':streamGenerateContent?alt=sse')
    : paths[wire.name];
  return `http://llm.test/v1/${path}`;
}

function askedBy(wire: TextWire, stream: boolean, options: Record<string, boolean> = {}): Asked {
  const body = { model: 'a-model', stream, stream_options: options };
  return askedOf(wire, urlOf(wire, stream), body);
}

const words = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.lorem());
const json = fc
  .dictionary(fc.string(), fc.jsonValue())
  .map((value) => JSON.stringify(JSON.parse(JSON.stringify(value))));
const call = fc.record({ id: fc.string({ minLength: 1 }), name: fc.string(), arguments: json });
const usage = fc.record({ input: fc.nat(), output: fc.nat(), estimated: fc.constant(false) });

/** Answers as models give them: a finish that fits the rest. */
const sensible: fc.Arbitrary<Answer> = fc
  .record({
    id: fc.string(),
    text: words,
    reasoning: words,
    toolCalls: fc.array(call, { maxLength: 3 }),
    refusal: fc.option(fc.string({ minLength: 1 })),
    usage,
    cut: fc.boolean(),
  })
  .map(({ cut, ...answer }) => {
    if (answer.refusal !== null) return { ...answer, toolCalls: [], finish: 'refusal' };
    if (cut) return { ...answer, finish: 'length' };
    return { ...answer, finish: answer.toolCalls.length > 0 ? 'tool-calls' : 'stop' };
  });

describe.each(textWireNames)('%s', (name) => {
  const wire: TextWire = { ...wires[name], name };

  it.each([false, true])('reads back any answer that it renders (stream: %s)', (stream) => {
    const asked = askedBy(wire, stream, { include_usage: true });
    fc.assert(
      fc.property(sensible, (answer) => {
        const { id, ...said } = answer;
        const read = wire.read(textOf(wire.frames({ id, ...said }, asked)), stream);
        expect(read).toEqual(said);
      }),
    );
  });

  it('gives a stream the tags that reading it as a recording gives', () => {
    const asked = askedBy(wire, true, { include_usage: true });
    fc.assert(
      fc.property(sensible, (answer) => {
        const frames = wire.frames(answer, asked);
        const bytes = new TextEncoder().encode(textOf(frames));
        const plain = ({ bytes: each, ...tags }: Frame) => ({ ...tags, bytes: [...each] });
        expect(sseFrames(bytes, wire).map(plain)).toEqual(frames.map(plain));
      }),
    );
  });

  it('reads nothing in any error, and nothing in anything broken', () => {
    for (const stream of [false, true]) {
      const asked = askedBy(wire, stream);
      const frames = wire.errorFrames({ reason: 'overloaded' }, asked, stamp);
      expect(wire.read(textOf(frames), stream)).toBeNull();
    }
    fc.assert(
      fc.property(words, fc.boolean(), (body, sse) => {
        expect(wire.read(body, sse)).toBeNull();
        wire.classify({ event: null, data: body });
        wire.classify({ event: body, data: '{}' });
      }),
    );
    fc.assert(
      fc.property(fc.json(), fc.boolean(), (body, sse) => {
        wire.read(sse ? `data: ${body}\n\n` : body, sse);
        wire.classify({ event: null, data: body });
      }),
    );
  });

  it('reads no answer in a stream that stops before its marker', () => {
    const { text } = answers;
    if (text === undefined) throw new Error('there is no text');
    const frames = wire.frames(text, askedBy(wire, true));
    const marker = frames.findIndex((frame) => frame.marker);
    for (let length = 0; length < marker; length++) {
      expect(wire.read(textOf(frames.slice(0, length)), true)).toBeNull();
    }
    expect(wire.read(textOf(frames), true)?.text).toBe(text.text);
  });

  it('decodes any JSON body without throwing', () => {
    const url = urlOf(wire, false);
    const keys = [
      'model',
      'messages',
      'input',
      'system',
      'instructions',
      'tools',
      'stop',
      'stream',
      'contents',
      'systemInstruction',
    ];
    const member = fc.constantFrom(...keys, 'content', 'role', 'parts', 'temperature');
    const bodies = fc.dictionary(member, fc.oneof(fc.jsonValue(), fc.array(fc.jsonValue())));
    fc.assert(
      fc.property(bodies, (body) => {
        wire.objection(askedOf(wire, url, body));
      }),
    );
  });
});
