// I19: a tool call is a side effect. It is run from arguments that a model has sent to their end,
// and as often as it was asked for: a fallback goes on with the results that there are, it does not
// make them again.
import type { TextEvent, ToolEvent } from '../history.ts';
import type { AttemptRecord, CallRecord } from '../outcome/call-record.ts';
import { isStep } from '../outcome/session.ts';
import { parsed } from '../parsed-json.ts';
import { attemptText, seconds } from './attempt-text.ts';
import type { Finding } from './call-rule.ts';
import { callRule } from './call-rule.ts';
import { failureOf } from './failure-kind.ts';

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
  calls: Sent[];
}

/** A tool call as a model sent it. */
interface Sent {
  name: string;
  /** Of its name and its arguments, however they are written. */
  key: string;
  /** Null where they are no JSON object. */
  members: Record<string, unknown> | null;
}

/** A run of a tool, and the attempts that had asked for it. */
interface Run {
  event: ToolEvent;
  backed: Asking[];
}

function judge(steps: Steps, record: CallRecord): Finding {
  const { attempts, tools = [] } = record;
  const asking = attempts.flatMap((attempt) => askingOf(steps, attempt));
  if (asking.length === 0 && tools.length === 0) return null;
  const begun = asking.flatMap(({ calls }) => calls);
  const runs = new Map<string, ToolEvent[]>();
  const before: Run[] = [];
  for (const event of tools) {
    const key = keySent(begun, sentOf(event));
    const has = ({ calls }: Asking): boolean => calls.some((call) => call.key === key);
    const backed = asking.filter((one) => has(one) && hasBegun(one, event.t));
    if (!event.ok || backed.length === 0) return notSent(event, record);
    const same = [...(runs.get(key) ?? []), event];
    runs.set(key, same);
    if (same.length > mostRuns(asking, key)) return twice(same, backed);
    const run = { event, backed };
    const first = before.find((earlier) => isStartedOver(earlier, run));
    if (first) return twice([first.event, event], [...first.backed, ...backed]);
    before.push(run);
  }
  return 'held';
}

/**
 * Whether a later run is of a turn that was over when the earlier one was made, or that had broken,
 * and was asked for anew: another model may ask for the same in other words.
 */
function isStartedOver(earlier: Run, later: Run): boolean {
  if (earlier.event.name !== later.event.name) return false;
  if (earlier.backed.some((one) => later.backed.includes(one))) return false;
  return earlier.backed.some(({ attempt, turn }) => {
    const isWhole = isStep(attempt) && (attempt.end?.t ?? 0) <= earlier.event.t;
    const isOver = isWhole || failureOf(attempt) !== null;
    return isOver && later.backed.some((one) => one.turn === turn && isAfter(one, earlier));
  });
}

/** A race asks for both before either is run. */
function isAfter({ attempt }: Asking, { event }: Run): boolean {
  return attempt.start.t >= event.t;
}

function askingOf(steps: Steps, attempt: AttemptRecord): Asking[] {
  const { reply, start } = attempt;
  const calls = reply?.text === undefined ? undefined : steps.get(reply.text)?.calls;
  if (!calls) return [];
  return [{ attempt, turn: start.turn ?? 1, calls: calls.map(sentOf) }];
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
    const times = calls.filter((one) => one.key === key).length;
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
      ? 'which no attempt of the call had sent whole; only a call that was sent to its end should be run'
      : 'which the tool cannot take; the model should be told, and no tool run';
    return `${before}${run.name} was run at ${seconds(run.t)} with ${told(run.arguments)}, ${why}.`;
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

function sentOf({ name, arguments: given }: { name: string; arguments: string }): Sent {
  const value = sorted(parsed(given));
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  const key = `${name} ${value === undefined ? given : JSON.stringify(value)}`;
  return { name, key, members: isObject ? (value as Record<string, unknown>) : null };
}

/** What was sent may be run with more: a chain adds a key against repetition, or whose it is. */
function keySent(all: readonly Sent[], run: Sent): string {
  const isIn = ({ name, members }: Sent): boolean =>
    name === run.name &&
    members !== null &&
    Object.entries(members).every(
      ([member, value]) => JSON.stringify(value) === JSON.stringify(run.members?.[member]),
    );
  const found = all.find(({ key }) => key === run.key) ?? all.find(isIn);
  return found?.key ?? run.key;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([key, own]): [string, unknown] => [key, sorted(own)]);
  return Object.fromEntries(members.sort(([a], [b]) => (a < b ? -1 : 1)));
}
