import { describe, expect, it } from 'vitest';
import type { EndEvent, HistoryEvent, ReplyEvent } from '../../harness/history.ts';
import { attemptLog } from '../../harness/upstream/attempt-log.ts';
import type { Decision } from '../../harness/upstream/decision.ts';
import { additions, delivered, frame } from '../deliveries.ts';

const pace = { ttftMs: 1000, tokensPerSecond: 10, rejectMs: 10 };
const frames = [frame('payload', 4), frame('payload', 4), frame('closing', 4, true)];
const reply = { status: 200, headers: [], sse: true, frames };
const decision: Decision = {
  reply,
  answer: null,
  effect: null,
  additions,
  rejection: null,
  fired: [],
};

/** Headers so late, and frames so many ms after the request. */
function logged(headersMs: number, times: number[]): { reply: ReplyEvent; end: EndEvent } {
  const events: HistoryEvent[] = [];
  const start = 5000;
  let now = start;
  const log = attemptLog(
    (event) => events.push(event),
    () => now,
    start,
    1,
    delivered(reply, pace, null),
    decision,
    0,
  );
  now = start + headersMs;
  log.started();
  now = start + (times.at(-1) ?? 0);
  log.ended('complete', times.length, times);
  return {
    reply: events.find((event) => event.e === 'reply') as ReplyEvent,
    end: events.find((event) => event.e === 'end') as EndEvent,
  };
}

describe('the longest time without payload', () => {
  it('begins when the headers really went out, later than planned as on sockets', () => {
    const { reply: headers, end } = logged(333.7, [20_334, 20_400, 20_400]);
    expect(end).toMatchObject({ first: 25_334, last: 25_400 });
    // Exactly: I06 takes a gap for a pause between payloads where it is longer than this.
    expect(end.gap).toBe((end.first ?? 0) - headers.t);
  });

  it('is the longest between two payloads where that is longer', () => {
    expect(logged(300, [400, 15_400, 15_400]).end.gap).toBe(15_000);
  });
});
