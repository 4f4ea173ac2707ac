// calls.csv: one row a call, as its user saw it. Texts are left out: `replay` shows them.
import { clipped } from '../clipped.ts';
import type { CallRecord } from '../outcome/call-record.ts';
import type { Cell } from './csv-lines.ts';
import { csvLines } from './csv-lines.ts';
import type { CallFormat, RowPlace } from './format.ts';

/** Times are in ms; `due_ms` and `asked_ms` since the trial's start, the others since `due_ms`. */
const columns: readonly [name: string, cell: (place: RowPlace, record: CallRecord) => Cell][] = [
  ['scenario', (place) => place.scenario],
  ['chain', (place) => place.chain],
  ['trial', (place) => place.trial],
  ['twin', (place) => place.twin],
  ['call', (_, { call }) => call.call],
  ['sample', (_, { call }) => call.sample],
  ['due_ms', (_, { call }) => call.due],
  ['asked_ms', (_, { call }) => call.t],
  ['repeats_call', (_, { call }) => call.repeats ?? null],
  ['canary', (_, { call }) => call.canary ?? false],
  ['outcome', (_, { outcome }) => outcome],
  ['because', (_, { because }) => because],
  ['caller_did', (_, { caller }) => caller?.did ?? null],
  ['caller_left', (_, { caller }) => caller?.why ?? null],
  ['served_by', (_, { servedBy }) => servedBy?.target ?? null],
  ['answers', ({ answers }, { servedBy }) => answers.get(servedBy?.target ?? '') ?? null],
  ['cached_from_call', (_, { cachedFrom }) => cachedFrom],
  ['attempts', (_, { attempts }) => attempts.length],
  ['ttft_ms', (_, { answer, call }) => since(call.due, answer?.first ?? null)],
  ['latency_ms', (_, { answer, call }) => since(call.due, answer?.t ?? null)],
  ['characters', (_, { text }) => text.length],
  ['score', (_, { answer }) => answer?.score ?? null],
  ['healthy_score', (_, { healthy }) => healthy?.score ?? null],
  ['error', (_, { answer }) => answer?.error?.name ?? null],
  ['error_status', (_, { answer }) => answer?.error?.status ?? null],
  ['error_code', (_, { answer }) => answer?.error?.code ?? null],
  ['error_message', (_, { answer }) => (answer?.error ? clipped(answer.error.message, 300) : null)],
  ['chain_says_served', (_, { answer }) => answer?.meta?.served ?? null],
];

export const callsCsv: CallFormat = {
  kind: 'calls',
  file: 'calls.csv',
  describe: 'one row per call: outcome, who served, latency, score',
  header: () => csvLines([columns.map(([name]) => name)]),
  rows: (place, record) => csvLines([columns.map(([, cell]) => cell(place, record))]),
};

function since(from: number, at: number | null): number | null {
  return at === null ? null : at - from;
}
