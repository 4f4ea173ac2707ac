// What Anthropic's SDK makes of what only its API has, or shows in a way of its own: thoughts,
// endings that are left out one by one, usage, and events that say nothing.
import type { Effect, FramePart, Quirks } from '../../harness/faults/effect.ts';
import type { Row, Sees } from './parity-row.ts';

const fine: Sees = { messages: 'all, end_turn' };

/** Where the body at once has no parts. */
function streams(raw: string, helper: string): Sees {
  return { 'messages stream': raw, 'messages helper': helper };
}

function row(name: string, effect: Effect, sees: Sees): Row {
  return { name: `messages: ${name}`, fault: { effect }, sees, requests: 1 };
}

function quirk(name: string, quirks: Quirks, sees: Sees): Row {
  return row(name, { kind: 'quirk', quirks }, sees);
}

function omit(part: FramePart, sees: Sees): Row {
  return row(`without ${part}`, { kind: 'omit', parts: [part] }, sees);
}

const paused = { kind: 'stall', at: { at: 'tokens', count: 3 }, forMs: 1500 } as const;

function pause(form: 'ping' | 'comment' | 'empty-delta'): Row {
  const keepalive = { form, everyMs: 200 } as const;
  return row(`a pause with ${form}`, { ...paused, keepalive }, streams(...both('all, end_turn')));
}

function both(seen: string): [string, string] {
  return [seen, seen];
}

export const messagesRows: Row[] = [
  row('thoughts first', { kind: 'answer', change: { to: 'reasoned', tokens: 40 } }, fine),
  row(
    'thoughts and nothing else',
    { kind: 'degenerate', form: 'reasoning-only' },
    {
      messages: 'nothing, end_turn',
    },
  ),
  row(
    'thoughts up to the limit',
    { kind: 'degenerate', form: 'length' },
    {
      messages: 'nothing, max_tokens',
    },
  ),
  omit('open', streams('all, end_turn', 'AnthropicError')),
  omit('block-open', streams('all, end_turn', 'AnthropicError <- TypeError')),
  omit('block-close', streams(...both('all, end_turn'))),
  omit('finish', streams('all, no end', 'all, none')),
  omit('end', streams('all, end_turn', 'AnthropicError after all')),
  omit('ping', streams(...both('all, end_turn'))),
  quirk(
    'usage in the beginning only',
    { usage: 'early' },
    {
      'messages whole': 'all, end_turn',
      ...streams('all, end_turn', 'AnthropicError <- TypeError after all'),
    },
  ),
  quirk(
    'no usage',
    { usage: 'missing' },
    {
      'messages whole': 'all, end_turn',
      ...streams('all, end_turn', 'AnthropicError <- TypeError after all'),
    },
  ),
  quirk(
    'usage null',
    { usage: 'null' },
    {
      'messages whole': 'all, end_turn',
      ...streams('all, end_turn', 'AnthropicError <- TypeError after all'),
    },
  ),
  quirk('another model', { model: 'claude-3-haiku' }, fine),
  quirk('a delta without content', { emptyDelta: true }, fine),
  row(
    'an end that nobody knows',
    { kind: 'degenerate', form: 'unknown-finish' },
    {
      messages: 'nothing, MALFORMED_FUNCTION_CALL',
    },
  ),
  row(
    'content null',
    { kind: 'degenerate', form: 'null' },
    {
      'messages whole': 'TypeError',
      ...streams(...both('nothing, end_turn')),
    },
  ),
  row('no block', { kind: 'degenerate', form: 'no-choices' }, { messages: 'nothing, end_turn' }),
  row(
    'an error that is told as the reason of an end',
    {
      kind: 'error-event',
      at: { at: 'tokens', count: 3 },
      rejection: { reason: 'overloaded' },
      form: 'finish-reason',
    },
    {
      'messages whole': 'nothing, object without content, with error',
      ...streams(...both('part, error')),
    },
  ),
  pause('ping'),
  pause('comment'),
  pause('empty-delta'),
];
