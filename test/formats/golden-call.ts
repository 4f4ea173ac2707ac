// Small typed calls for tests of formats over calls.
import type { RowPlace } from '../../harness/formats/format.ts';
import type { AttemptEvent, EndEvent, ReplyEvent } from '../../harness/history.ts';
import type { AttemptRecord, CallRecord } from '../../harness/outcome/call-record.ts';

export const goldenPlace: RowPlace = {
  scenario: 'primary-outage',
  chain: 'gpt-first',
  trial: 1,
  twin: null,
  answers: new Map([
    ['openai/gpt-4o', 'authored'],
    ['anthropic/claude-3-5-sonnet', 'recorded, recorded-text'],
  ]),
};

export function attempt(
  start: Partial<AttemptEvent> & { t: number; attempt: number },
  reply: Partial<ReplyEvent> | null,
  end: Partial<EndEvent> | null,
): AttemptRecord {
  const number = start.attempt;
  const whole: AttemptEvent = {
    e: 'attempt',
    call: 312,
    provider: 'openai',
    model: 'gpt-4o',
    region: null,
    key: '3fa9c1',
    wire: 'openai-chat',
    stream: true,
    body: 'b1',
    ...start,
  };
  return {
    start: whole,
    target: `${whole.provider}/${whole.model}`,
    effects: [],
    reply: reply && {
      e: 'reply',
      t: start.t,
      attempt: number,
      status: 200,
      reason: null,
      ...reply,
    },
    end: end && {
      e: 'end',
      t: start.t,
      attempt: number,
      how: 'complete',
      marker: true,
      inBand: null,
      first: null,
      last: null,
      gap: 0,
      chars: 0,
      input: 0,
      output: 0,
      estimated: false,
      ...end,
    },
  };
}

/** A 503, a wait, and a cut answer of the fallback that was shown as a whole one. */
export function goldenCall(words?: string): CallRecord {
  const first = attempt(
    { t: 311_200, attempt: 401 },
    { t: 311_284, status: 503, reason: words ?? 'server-error', hintMs: 400 },
    { t: 311_284 },
  );
  first.effects.push({
    e: 'effect',
    t: 311_200,
    attempt: 401,
    rule: 0,
    fault: words ?? 'server-error',
    effect: { kind: 'reject', rejection: { reason: 'server-error', status: 503 } },
  });
  const second = attempt(
    {
      t: 311_612,
      attempt: 402,
      provider: 'anthropic',
      model: words ?? 'claude-3-5-sonnet',
      region: words ?? null,
      wire: 'anthropic-messages',
    },
    { t: 311_900 },
    {
      t: 313_500,
      how: 'short',
      marker: false,
      first: 312_000,
      last: 313_480,
      gap: 1_210,
      chars: 188,
      input: 120,
      output: 47,
    },
  );
  second.effects.push({
    e: 'effect',
    t: 311_612,
    attempt: 402,
    rule: 2,
    fault: 'truncate',
    effect: { kind: 'cut', at: { at: 'share', share: 0.6 }, how: 'clean' },
  });
  const text = words ?? 'Dear Ms Lind,\nyour card was charged twice because';
  return {
    call: { e: 'call', t: 311_200, call: 312, sample: words ?? 'double-charge', due: 311_200 },
    attempts: [first, second],
    answer: {
      e: 'answer',
      t: 313_510,
      call: 312,
      kind: 'text',
      first: 312_010,
      chars: text.length,
      text,
      score: 0.4,
      meta: { served: words ?? 'anthropic/claude-3-5-sonnet' },
    },
    hung: null,
    caller: null,
    releasedAt: null,
    outcome: 'truncated',
    because:
      words ??
      'It is only a part of what anthropic/claude-3-5-sonnet was to send, presented as an answer.',
    text,
    servedBy: second,
    cachedFrom: null,
    healthy: {
      e: 'text',
      id: 'double-charge~openai/gpt-4o~0',
      sample: 'double-charge',
      target: 'openai/gpt-4o',
      kind: 'authored',
      text: 'Dear Ms Lind, ...',
      score: 0.9,
      refusal: false,
    },
  };
}
