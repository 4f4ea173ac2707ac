import { describe, expect, it } from 'vitest';
import type { InBandForm } from '../../harness/faults/effect.ts';
import { inBandForms } from '../../harness/faults/effect.ts';
import { anthropicMessages } from '../../harness/wires/anthropic-messages.ts';
import type { Answer, Frame } from '../../harness/wires/wire.ts';
import { heard } from './messages-client.ts';
import { answers, askedOf, stamp, textOf } from './served.ts';

const wire = anthropicMessages;
const asked = askedOf(wire, 'https://api.anthropic.com/v1/messages', { model: 'm', stream: true });
const said = answers['text and two tool calls'] as Answer;
const thought: Answer = { ...said, reasoning: 'Let me think about it.' };
const frames = wire.frames(thought, asked);

/** Up to and with the first frame of the part. */
function upTo(part: Frame['part']): Frame[] {
  return frames.slice(0, frames.findIndex((frame) => frame.part === part) + 1);
}

function keepaliveAfter(sent: Frame[]): string {
  return textOf([wire.keepalive('empty-delta', asked, thought, sent)]);
}

describe('an error inside a stream', () => {
  const error = (form: InBandForm, sent: Frame[]) =>
    wire.errorFrames({ reason: 'overloaded' }, asked, stamp, sent, form);

  it.each(inBandForms.filter((form) => form !== 'finish-reason'))(
    'is the one event for errors: %s',
    async (form) => {
      const sent = upTo('text');
      const got = await heard('stream', () => [...sent, ...error(form, sent)]);
      expect(got.error).toMatchObject({ status: undefined, type: 'overloaded_error' });
      expect(error(form, sent).map(({ role }) => role)).toEqual(['error']);
    },
  );

  it.each(['open', 'reasoning', 'text', 'arguments', 'block-close', undefined] as const)(
    'can be an end like any other, but for its reason, behind %s',
    async (part) => {
      const sent = part === undefined ? [] : upTo(part);
      const all = [...sent, ...error('finish-reason', sent)];
      expect(all.some(({ role }) => role === 'error')).toBe(true);
      const starts = all.filter((frame) => frame.part === 'block-open').length;
      expect(all.filter((frame) => frame.part === 'block-close')).toHaveLength(starts);
      expect(all.filter((frame) => frame.part === 'open')).toHaveLength(1);
      const raw = await heard('stream', () => all);
      expect(raw.error).toBeNull();
      const gathered = await heard('helper', () => all);
      expect(gathered).toMatchObject({ stop: 'error', error: null });
      expect(wire.read(textOf(all), true)).toBeNull();
      expect(wire.classify({ event: 'message_delta', data: dataOf(all.at(-2)) })).toMatchObject({
        role: 'error',
      });
    },
  );

  it('is a body of its own where nothing streams, whatever its form', () => {
    const whole = { ...asked, stream: false };
    for (const form of inBandForms) {
      const [body, ...more] = wire.errorFrames({ reason: 'overloaded' }, whole, stamp, [], form);
      expect(more).toEqual([]);
      expect(JSON.parse(textOf(body ? [body] : []))).toMatchObject({
        type: 'error',
        error: { type: 'overloaded_error' },
      });
    }
  });
});

function dataOf(frame: Frame | undefined): string {
  return /^data: (.*)$/m.exec(textOf(frame ? [frame] : []))?.[1] ?? '';
}

describe('an event that only keeps a stream alive', () => {
  it('is a ping, a comment, or an empty delta of the block that is open', () => {
    expect(textOf([wire.keepalive('ping', asked, thought, [])])).toBe(
      'event: ping\ndata: {"type":"ping"}\n\n',
    );
    expect(textOf([wire.keepalive('comment', asked, thought, [])])).toMatch(/^: [\w-]+\n\n$/);
    expect(keepaliveAfter(upTo('reasoning'))).toContain('"index":0,"delta":{"type":"thinking_delt');
    expect(keepaliveAfter(upTo('text'))).toContain('"index":1,"delta":{"type":"text_delta"');
    expect(keepaliveAfter(upTo('arguments'))).toContain('"delta":{"type":"input_json_delta"');
    for (const nothing of [[], upTo('open'), upTo('block-close'), frames]) {
      expect(keepaliveAfter(nothing)).toMatch(/^event: ping\n/);
    }
  });

  it.each(['ping', 'comment', 'empty-delta'] as const)(
    'says nothing to the SDK, wherever it stands: %s',
    async (form) => {
      const undisturbed = await heard('helper', () => frames);
      for (let at = 0; at <= frames.length; at++) {
        const sent = frames.slice(0, at);
        const beat = wire.keepalive(form, asked, thought, sent);
        expect(beat).toMatchObject({ role: 'keepalive', chars: 0, marker: false });
        for (const way of ['stream', 'helper'] as const) {
          const got = await heard(way, () => [...sent, beat, beat, ...frames.slice(at)]);
          expect(got, `${way} ${at}`).toMatchObject({ text: thought.text, error: null });
          if (way === 'helper') expect(got).toEqual(undisturbed);
        }
      }
    },
  );
});
