// attempts.csv: one row an HTTP exchange, as it crossed the wire.
import type { AttemptRecord, CallRecord } from '../outcome/call-record.ts';
import type { Cell } from './csv-lines.ts';
import { csvLines } from './csv-lines.ts';
import { injectedText } from './effect-text.ts';
import type { CallFormat, RowPlace } from './format.ts';

/** Times are in ms since the trial's start. */
const columns: readonly [
  name: string,
  cell: (attempt: AttemptRecord, nth: number, record: CallRecord, place: RowPlace) => Cell,
][] = [
  ['scenario', (_, __, ___, place) => place.scenario],
  ['chain', (_, __, ___, place) => place.chain],
  ['trial', (_, __, ___, place) => place.trial],
  ['twin', (_, __, ___, place) => place.twin],
  ['call', (_, __, { call }) => call.call],
  ['attempt', ({ start }) => start.attempt],
  ['attempt_of_call', (_, nth) => nth],
  ['start_ms', ({ start }) => start.t],
  ['provider', ({ start }) => start.provider],
  ['model', ({ start }) => start.model],
  ['region', ({ start }) => start.region],
  ['key_hash', ({ start }) => start.key],
  ['foreign', ({ start }) => start.foreign ?? null],
  ['wire', ({ start }) => start.wire],
  ['stream', ({ start }) => start.stream],
  ['answers', ({ target }, _, __, { answers }) => answers.get(target) ?? null],
  ['turn', ({ start }) => start.turn ?? null],
  ['injected', ({ effects }) => effects.map(injectedText).join('; ')],
  ['headers_ms', ({ reply }) => reply?.t ?? null],
  ['status', ({ reply }) => reply?.status ?? null],
  ['error_class', ({ reply, end }) => reply?.reason ?? end?.inBand ?? null],
  ['hint_ms', ({ reply }) => reply?.hintMs ?? null],
  ['ended', ({ end }) => end?.how ?? null],
  ['terminal_marker', ({ end }) => end?.marker ?? null],
  ['first_payload_ms', ({ end }) => end?.first ?? null],
  ['last_payload_ms', ({ end }) => end?.last ?? null],
  ['end_ms', ({ end }) => end?.t ?? null],
  ['longest_gap_ms', ({ end }) => end?.gap ?? null],
  ['characters', ({ end }) => end?.chars ?? null],
  ['input_tokens', ({ end }) => end?.input ?? null],
  ['output_tokens', ({ end }) => end?.output ?? null],
  ['tokens_estimated', ({ end }) => end?.estimated ?? null],
  ['served', (attempt, _, { servedBy }) => attempt === servedBy],
];

export const attemptsCsv: CallFormat = {
  kind: 'calls',
  file: 'attempts.csv',
  describe: 'one row per attempt: target, what was injected, status, how it ended, tokens',
  header: () => csvLines([columns.map(([name]) => name)]),
  rows: (place, record) =>
    csvLines(
      record.attempts.map((attempt, index) =>
        columns.map(([, cell]) => cell(attempt, index + 1, record, place)),
      ),
    ),
};
