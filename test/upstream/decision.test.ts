// How effects reach a wire: which answer it is to render, and what is to be odd about it.
import { expect, it } from 'vitest';
import type { Effect, Quirks } from '../../harness/faults/effect.ts';
import type { KnownAnswer } from '../../harness/upstream/answer-book.ts';
import { decide } from '../../harness/upstream/decision.ts';
import { frameOf } from '../../harness/wires/frame.ts';
import { openaiChat } from '../../harness/wires/openai-chat.ts';
import type { Answer, Wire } from '../../harness/wires/wire.ts';
import { decided } from '../faults/decide.ts';
import { askedOf, stamp, textOf } from '../wires/served.ts';

const url = 'https://api.openai.com/v1/chat/completions';
const messages = [{ role: 'user', content: 'Who is there?' }];

let count = 0;

function knownAs(id: string, text: string): KnownAnswer {
  const answer: Answer = {
    id,
    text,
    reasoning: '',
    toolCalls: [],
    refusal: null,
    finish: 'stop',
    usage: { input: 1, output: 2, estimated: false },
  };
  const of = { sample: 's', target: 'openai/gpt-4o', kind: 'authored' } as const;
  const event = { e: 'text', id, text, refusal: false, score: null, ...of } as const;
  return { answer, event, exact: null, failure: null };
}

/** What the wire was asked to render; `text` is what went out. */
function rendered(texts: string[], stream = true): { quirks: Quirks | null; text: string } {
  let quirks: Quirks | null = null;
  const wire: Wire = {
    ...openaiChat,
    frames: (_answer, _asked, given) => {
      quirks = given ?? {};
      return [
        frameOf('data: {"delta":{}}\n\n', 'preamble', 0, false, 'empty'),
        frameOf('data: {"delta":{"content":"Nobody."}}\n\n', 'payload', 7, false, 'text'),
        frameOf('data: {"finish":"stop"}\n\n', 'closing', 0, true, 'finish'),
        frameOf('data: [DONE]\n\n', 'closing', 0, true, 'end'),
      ];
    },
  };
  const known = knownAs(`decision-${++count}`, 'Nobody.');
  const effects = texts.map(decided).filter((effect): effect is Effect => effect !== null);
  const fired = effects.map((effect, rule) => ({ rule, fault: '', effect }));
  const asked = askedOf(wire, url, { model: 'gpt-4o', messages, stream });
  const { reply } = decide(wire, asked, stamp, fired, () => {
    return { known, fired };
  });
  return { quirks, text: textOf(reply.frames) };
}

it.each([
  [['{ inject: usage, as: missing }'], { usage: 'missing' }],
  [['{ inject: usage, as: null }'], { usage: 'null' }],
  [['{ inject: usage, as: early }'], { usage: 'early' }],
  [['{ inject: other-model, model: gpt-0 }'], { model: 'gpt-0' }],
  [['{ inject: degenerate, as: null }'], { content: 'null' }],
  [['{ inject: degenerate, as: no-choices }'], { content: 'no-choices' }],
  [['{ inject: degenerate, as: unknown-finish }'], { finish: 'MALFORMED_FUNCTION_CALL' }],
  [
    ['{ inject: usage, as: early }', '{ inject: other-model, model: a }', '{ inject: stall }'],
    { usage: 'early', model: 'a' },
  ],
  [['{ inject: noop }'], {}],
])('%s asks the wire for %j', (texts, quirks) => expect(rendered(texts).quirks).toEqual(quirks));

it.each(['error-event', 'truncate', 'disconnect', 'stall', 'malformed'])(
  'a place behind an empty delta brings the delta along: %s',
  (fault) => {
    const rule = `{ inject: ${fault}, at: empty-delta }`;
    expect(rendered([rule]).quirks).toEqual({ emptyDelta: true });
    expect(rendered([rule], false).quirks).toEqual({});
    expect(rendered([rule.replace('empty-delta', 'first-token')]).quirks).toEqual({});
  },
);

it.each([
  ['finish', 'data: {"finish":"stop"}\n\n'],
  ['end', 'data: [DONE]\n\n'],
])('leaves out the %s of a stream', (part, line) => {
  const { text } = rendered(['{ inject: noop }']);
  expect(text).toContain(line);
  expect(rendered([`{ inject: omit, parts: ${part} }`]).text).toBe(text.replace(line, ''));
});

it('keeps the answers of two workloads apart that have the same id', () => {
  const served = (text: string): string => {
    const known = knownAs('greeting~openai/gpt-4o~0', text);
    const asked = askedOf(openaiChat, url, { model: 'gpt-4o', messages, stream: true });
    return textOf(decide(openaiChat, asked, stamp, [], () => ({ known, fired: [] })).reply.frames);
  };
  expect(served('Good morning.')).toContain('morning');
  expect(served('Good evening.')).toContain('evening');
});
