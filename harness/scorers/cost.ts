// What was billed, and how much of it for nothing. Tokens are counted as attempts end, so that
// those count too which nobody waited for any more; prices are applied at the very end, so that
// sums are of whole numbers and do not depend on the order of trials.
import type { EndEvent } from '../history.ts';
import { OpenMap } from '../open-map.ts';
import type { CallRecord } from '../outcome/call-record.ts';
import { usable } from '../outcome/outcome-kinds.ts';
import { stepsOf } from '../outcome/session.ts';
import { broughtVectors } from '../outcome/steps.ts';
import type { ModelPrice } from '../plan-view.ts';
import { microsOf } from '../plan-view.ts';
import type { Figure } from '../scoring/figures.ts';
import { Missing, withReasons } from '../scoring/figures.ts';
import { tokenizerName } from '../upstream/tokens.ts';
import type { Scorer, TrialView } from './scorer.ts';

interface Bill {
  input: number;
  output: number;
  price: ModelPrice | null;
}

interface Tally {
  bills: Record<string, Bill>;
  /** Tokens of attempts whose text reached a caller as an answer or a part of one. */
  delivered: number;
  /** Tokens of attempts that belong to no call: nobody knows whether they were for nothing. */
  unattributed: number;
  estimated: boolean;
}

interface State extends Tally {
  view: TrialView;
  /** Attempts that have not ended: whom they asked. */
  open: OpenMap<{ target: string; attributed: boolean }>;
}

export const cost: Scorer<State, Tally> = {
  name: 'cost',
  start: (view) => ({
    view,
    open: new OpenMap(),
    bills: {},
    delivered: 0,
    unattributed: 0,
    estimated: false,
  }),
  event(state, event) {
    if (event.e === 'attempt') {
      const target = `${event.provider}/${event.model}`;
      state.open.set(event.attempt, { target, attributed: event.call !== null });
    } else if (event.e === 'end') charge(state, event);
  },
  call(state, record) {
    state.delivered += deliveredIn(record);
  },
  end: ({ bills, delivered, unattributed, estimated }) => ({
    bills,
    delivered,
    unattributed,
    estimated,
  }),
  merge(a, b) {
    const bills = { ...a.bills };
    for (const [target, bill] of Object.entries(b.bills)) {
      const own = bills[target];
      bills[target] = {
        input: bill.input + (own?.input ?? 0),
        output: bill.output + (own?.output ?? 0),
        price: own?.price ?? bill.price,
      };
    }
    return {
      bills,
      delivered: a.delivered + b.delivered,
      unattributed: a.unattributed + b.unattributed,
      estimated: a.estimated || b.estimated,
    };
  },
  figures({ bills, delivered, unattributed, estimated }) {
    let input = 0;
    let output = 0;
    for (const bill of Object.values(bills)) {
      input += bill.input;
      output += bill.output;
    }
    const total = input + output;
    return withReasons({
      tokens: { input, output, total },
      wasted_tokens: total - delivered - unattributed,
      cost_usd: priceOf(bills),
      estimated,
      ...(estimated ? { tokenizer: tokenizerName } : {}),
    });
  },
};

function charge(state: State, { attempt, input, output, estimated }: EndEvent): void {
  const open = state.open.get(attempt);
  if (!open) return;
  state.open.delete(attempt);
  const tokens = input + output;
  if (tokens === 0) return;
  const bill = state.bills[open.target];
  if (bill) {
    bill.input += input;
    bill.output += output;
  } else {
    state.bills[open.target] = { input, output, price: state.view.price(open.target) };
  }
  if (!open.attributed) state.unattributed += tokens;
  if (estimated) state.estimated = true;
}

/**
 * Of a text made of several answers every attempt that sent a part of it was delivered, and of a
 * session every turn that the answer rests on; vectors were of use where the caller got an answer.
 */
function deliveredIn(record: CallRecord): number {
  const { servedBy, attempts, outcome } = record;
  const served = servedBy !== null && servedBy.start.call !== null;
  const steps = served ? stepsOf(record) : [];
  const joined = served && (outcome === 'continued' || outcome === 'spliced');
  const answered = served || usable.has(outcome);
  let tokens = 0;
  for (const attempt of attempts) {
    const { end } = attempt;
    if (!end) continue;
    const part = attempt === servedBy || steps.includes(attempt) || (joined && end.chars > 0);
    const sent = served && part;
    if (sent || (answered && broughtVectors(attempt))) tokens += end.input + end.output;
  }
  return tokens;
}

function priceOf(bills: Record<string, Bill>): Figure {
  let micros = 0;
  for (const target of Object.keys(bills).sort()) {
    const bill = bills[target];
    if (!bill) continue;
    if (!bill.price) return new Missing(`no price for ${target}`);
    micros += microsOf(bill.price, bill);
  }
  return micros / 1e6;
}
