// What calls leave behind that are long over: timers that go on without them. An attempt's limit
// that nobody took down fires in time and is forgotten; an interval never is, and neither is what
// sets itself anew.
import type { SetTimer } from '../clock/virtual-timers.ts';
import type { CloseEvent } from '../history.ts';
import { aftermathMs } from '../limits.ts';
import { callScope } from '../network/network.ts';

/** For the last line of the history. */
export function timersLeft(timers: readonly SetTimer[], nowMs: number): Pick<CloseEvent, 'timers'> {
  const calls = new Map<number, SetTimer>();
  for (const timer of timers) {
    const call = timer.within(() => callScope.getStore());
    if (call?.overMs === undefined || calls.has(call.call)) continue;
    const since = timer.everyMs === null ? timer.setMs : nowMs;
    if (since >= call.overMs + aftermathMs) calls.set(call.call, timer);
  }
  const [first] = [...calls].sort(([a], [b]) => a - b);
  if (!first) return {};
  const [call, { setMs, everyMs }] = first;
  return { timers: { calls: calls.size, call, setMs, everyMs } };
}
