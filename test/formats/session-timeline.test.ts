import { describe, expect, it } from 'vitest';
import { callTimeline } from '../../harness/formats/timeline-text.ts';
import type { ToolEvent } from '../../harness/history.ts';
import type { CallRecord } from '../../harness/outcome/call-record.ts';
import { attempt, goldenPlace } from './golden-call.ts';

const tool = (t: number, more: Partial<ToolEvent> = {}): ToolEvent => {
  return { e: 'tool', t, call: 1, name: 'refund', arguments: '{"sum":2}', ok: true, ...more };
};

describe('the timeline of a session', () => {
  it('shows each run of a tool between the turn that asked for it and the next', () => {
    const end = { marker: true, first: 300, last: 500 };
    const attempts = [
      attempt({ t: 100, attempt: 1, turn: 1 }, { t: 200, calls: 1 }, { ...end, t: 500 }),
      attempt(
        { t: 500, attempt: 2, turn: 2 },
        { t: 600, calls: 2 },
        { ...end, t: 700, marker: false, how: 'reset', last: 600, chars: 9 },
      ),
    ];
    const record: CallRecord = {
      call: { e: 'call', t: 100, call: 1, sample: 's', due: 100 },
      attempts,
      answer: null,
      hung: null,
      caller: null,
      releasedAt: null,
      outcome: 'hung',
      because: 'Made by hand.',
      text: '',
      servedBy: null,
      cachedFrom: null,
      healthy: null,
      tools: [tool(500), tool(700, { ok: false, arguments: '{"su' })],
    };
    expect(callTimeline(record, goldenPlace).split('\n').slice(2)).toEqual([
      '  0.000 s  attempt 1  openai/gpt-4o (openai-chat, stream), turn 1',
      '  0.100 s  200',
      '  0.400 s  a tool call, body complete',
      '  0.400 s  the chain runs refund {"sum":2}',
      '  0.400 s  attempt 2  openai/gpt-4o (openai-chat, stream), turn 2',
      '  0.500 s  200, a part of 2 tool calls, beside 9 characters of text',
      '  0.600 s  connection reset',
      '  0.600 s  the chain tries to run refund {"su',
      '           the tool cannot take these arguments',
      '           no answer: hung - Made by hand.',
      '',
    ]);
  });
});
