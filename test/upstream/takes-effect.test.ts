// A fault that finds nothing to disturb has not fired: a verdict on it would be about nothing.
import { expect, it } from 'vitest';
import type { TerminalEffect } from '../../harness/faults/effect.ts';
import { isTerminal } from '../../harness/faults/effect.ts';
import { takesEffect } from '../../harness/upstream/takes-effect.ts';
import { frameOf } from '../../harness/wires/frame.ts';
import type { Reply } from '../../harness/wires/wire.ts';
import { decided } from '../faults/decide.ts';

/** Two tokens, and what goes around them: five events. */
const streamed: Reply = {
  status: 200,
  headers: [],
  sse: true,
  frames: [
    frameOf('data: open\n\n', 'preamble', 0, false, 'open'),
    frameOf('data: Nobody\n\n', 'payload', 6, false, 'text'),
    frameOf('data: here\n\n', 'payload', 4, false, 'text'),
    frameOf('data: stop\n\n', 'closing', 0, true, 'finish'),
    frameOf('data: [DONE]\n\n', 'closing', 0, true, 'end'),
  ],
};
const bytes = streamed.frames.reduce((sum, frame) => sum + frame.bytes.length, 0);
const whole: Reply = {
  ...streamed,
  sse: false,
  frames: [frameOf('{"a":"Nobody"}', 'whole', 8, true)],
};

function effectOf(rule: string): TerminalEffect {
  const effect = decided(rule);
  if (!effect || !isTerminal(effect)) throw new Error(`${rule} ends nothing`);
  return effect;
}

it.each([
  ['{ inject: truncate, at: 2 tokens }', true],
  ['{ inject: truncate, at: 3 tokens }', false],
  ['{ inject: disconnect, at: 3 tokens }', false],
  ['{ inject: stall, at: 3 tokens }', false],
  ['{ inject: error-event, at: 3 tokens }', false],
  ['{ inject: error-event, at: event 5 }', true],
  ['{ inject: error-event, at: event 6 }', false],
  [`{ inject: disconnect, at: byte ${bytes} }`, true],
  [`{ inject: truncate, at: byte ${bytes} }`, false],
  [`{ inject: disconnect, at: byte ${bytes + 1} }`, false],
  ['{ inject: error-event, at: arguments }', false],
  ['{ inject: disconnect, at: reasoning }', true],
  ['{ inject: truncate, at: 100% }', true],
  ['{ inject: stall, at: marker, lasting: 5s }', true],
  ['{ inject: stall, at: headers, lasting: 5s }', true],
])('%s on two tokens of a stream: %s', (rule, met) => {
  expect(takesEffect(streamed, effectOf(rule))).toBe(met);
});

it.each([
  ['{ inject: truncate, at: 50% }', true],
  ['{ inject: truncate, at: marker }', false],
  ['{ inject: disconnect, at: marker }', true],
  ['{ inject: stall, at: marker }', true],
  ['{ inject: stall, at: marker, lasting: 5s }', false],
  ['{ inject: truncate, at: 3 tokens }', false],
  ['{ inject: truncate, at: event 2 }', false],
  ['{ inject: error-event, at: 100 tokens }', true],
  ['{ inject: disconnect, at: arguments }', true],
])('%s on a body at once of two tokens: %s', (rule, met) => {
  expect(takesEffect(whole, effectOf(rule))).toBe(met);
});
