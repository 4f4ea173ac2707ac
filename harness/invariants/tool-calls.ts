// I19: a tool call is a side effect. It is run from arguments that a model has sent to their end,
// and as often as it was asked for: a fallback goes on with the results that there are, it does not
// make them again.
import type { TextEvent, ToolEvent } from '../history.ts';
import type { AttemptRecord, CallRecord } from '../outcome/call-record.ts';
import { isStep } from '../outcome/session.ts';
import { attemptText, seconds } from './attempt-text.ts';
import type { Finding } from './call-rule.ts';
import { callRule } from './call-rule.ts';

/** What goes with tool calls, by its id. */
type Steps = Map<string, TextEvent>;

export const toolCalls = callRule<Steps>({
  id: 'I19',
  rule: 'No tool call comes from incomplete arguments, and none is executed twice.',
  example: 'The fallback starts the session again, and the refund is paid a second time.',
  know: () => new Map(),
  event(steps, event) {
    if (event.e === 'text' && event.calls) steps.set(event.id, event);
  },
  judge,
});

/** An attempt that called tools, and which. */
interface Asking {
  attempt: AttemptRecord;
  turn: number;
  /** By name and arguments, as `keyOf` has them. */
  calls: string[];
}

function judge(steps: Steps, record: CallRecord): Finding {
  const { attempts, tools = [] } = record;
  const asking = attempts.flatMap((attempt) => askingOf(steps, attempt));
  if (asking.length === 0 && tools.length === 0) return null;
  const runs = new Map<string, ToolEvent[]>();
  for (const run of tools) {
    const key = keyOf(run.name, run.arguments);
    const backed = asking.filter((one) => one.calls.includes(key) && hasBegun(one, run.t));
    if (!run.ok || backed.length === 0) return notSent(run, record);
    const same = [...(runs.get(key) ?? []), run];
    runs.set(key, same);
    if (same.length > mostRuns(asking, key)) return twice(same, backed);
  }
  return 'held';
}

function askingOf(steps: Steps, attempt: AttemptRecord): Asking[] {
  const { reply, start } = attempt;
  const calls = reply?.text === undefined ? undefined : steps.get(reply.text)?.calls;
  if (!calls) return [];
  const keys = calls.map((call) => keyOf(call.name, call.arguments));
  return [{ attempt, turn: start.turn ?? 1, calls: keys }];
}

/**
 * Whether any of it had gone out. Arguments that are equal to those of the recording were sent to
 * their end, but for brackets at most: of a stream that broke later they are no less whole.
 */
function hasBegun({ attempt: { end } }: Asking, at: number): boolean {
  return end === null || (end.first !== null && end.first <= at);
}

/** Of several attempts of one turn a good chain uses one: the most that any of them asked for. */
function mostRuns(asking: readonly Asking[], key: string): number {
  const byTurn = new Map<number, number>();
  for (const { turn, calls } of asking) {
    const times = calls.filter((one) => one === key).length;
    byTurn.set(turn, Math.max(byTurn.get(turn) ?? 0, times));
  }
  return [...byTurn.values()].reduce((sum, times) => sum + times, 0);
}

function notSent(run: ToolEvent, { attempts }: CallRecord): Finding {
  const text = (): string => {
    // The next turn may be asked for at the very instant of the run.
    const last = attempts.findLast(({ end }) => end !== null && end.t <= run.t) ?? attempts[0];
    const before = last ? `${attemptText(last)}. ` : '';
    const why = run.ok
      ? 'which no attempt of the call had sent whole'
      : 'which the tool cannot take';
    return (
      `${before}${run.name} was run at ${seconds(run.t)} with ${told(run.arguments)}, ${why}; only ` +
      'a call that was sent to its end should be run.'
    );
  };
  return { at: run.t, text };
}

function twice(same: readonly ToolEvent[], backed: readonly Asking[]): Finding {
  const last = same.at(-1);
  const [first] = same;
  if (!last || !first) return null;
  const text = (): string => {
    const senders = backed.map(({ attempt }) => attemptText(attempt)).join('; ');
    const step = backed.find(({ attempt }) => isStep(attempt)) ?? backed[0];
    const turn = step ? `turn ${step.turn}` : 'its turn';
    return (
      `${senders}. ${first.name} was run with ${told(first.arguments)} at ${seconds(first.t)} and ` +
      `again at ${seconds(last.t)}, although one session asks for it less often (${turn}); the ` +
      'result that was there should have been kept.'
    );
  };
  return { at: last.t, text };
}

const mostTold = 120;

function told(given: string): string {
  return given.length <= mostTold ? given : `${given.slice(0, mostTold)}...`;
}

/** One key for equal arguments, however they are written. */
function keyOf(name: string, given: string): string {
  try {
    return `${name} ${JSON.stringify(sorted(JSON.parse(given)))}`;
  } catch {
    return `${name} ${given}`;
  }
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([key, own]): [string, unknown] => [key, sorted(own)]);
  return Object.fromEntries(members.sort(([a], [b]) => (a < b ? -1 : 1)));
}
