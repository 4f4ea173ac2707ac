// Two targets, their answers to one question, and what one call makes of them.
import type { CallRecord } from '../../harness/outcome/call-record.ts';
import type { CallSpec } from '../scorers/hand-made.ts';
import { historyOf, primary, recordsOf, second, textOf, viewOf } from '../scorers/hand-made.ts';

export const gpt = 'A refund takes five working days from the day the parcel is back.';
export const claude = 'You get your money back within a week after we receive the item.';
export const texts = [textOf(primary, gpt), textOf(second, claude, { score: 0.8 })];
export const sorry = 'The assistant is unavailable right now.';

export const ok = { from: 200, target: second };
export const down = { status: 503, to: 50 };
export const cutAt = (chars: number): object => ({ how: 'reset', chars, marker: false });

export function one(spec: CallSpec, view = viewOf()): CallRecord {
  const [record] = recordsOf(historyOf([spec], texts), view);
  if (!record) throw new Error('no record');
  return record;
}

export function last(calls: CallSpec[], view = viewOf()): CallRecord {
  const record = recordsOf(historyOf(calls, texts), view).find(
    ({ call }) => call.call === calls.length,
  );
  if (!record) throw new Error('no record');
  return record;
}
