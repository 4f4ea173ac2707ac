// The exchanges of the outside data in the formats that are imported, each beside what
// `firedrill import` made of it in one import of them all.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { readExchanges } from '../../harness/importers/read-exchanges.ts';
import type { Exchange } from '../../harness/upstream/exchange.ts';
import type { Recording } from '../../harness/upstream/recording.ts';
import type { Sample } from '../../harness/workloads/workload.ts';
import { loadYamlWorkload } from '../../harness/workloads/yaml-workload.ts';
import type { Said } from '../cli.ts';
import { firedrill } from '../cli.ts';

/** What the index says. */
export interface Row {
  file: string;
  pos: string;
  endpoint: string;
  status: string;
  kind: string;
  format: string;
}

export interface Case {
  /** `file#pos`. */
  name: string;
  row: Row;
  exchange: Exchange;
  sample: Sample;
  recording: Recording & { kind: 'recorded' };
}

export interface Import {
  said: Said;
  /** All of the formats. */
  exchanges: number;
  /** Those on an endpoint that a wire speaks. */
  cases: Case[];
}

const formats = [
  'vcrpy',
  'ruby-vcr',
  'go-vcr',
  'har-polly',
  'nock-json',
  'httprr',
  'req_llm-json',
  'dd-test-agent-json',
];
const endpoints = [
  'chat.completions',
  'responses',
  'messages',
  'generateContent',
  'streamGenerateContent',
];

/** Imports everything into `project`, a folder of its own. */
export async function importAll(dir: string, project: string): Promise<Import> {
  const index = readFileSync(join(dir, 'recordings/INDEX.csv'));
  const rows = (parse(index, { columns: true }) as Row[]).filter((row) =>
    formats.includes(row.format),
  );
  const byFile = [...Map.groupBy(rows, ({ file }) => join(dir, 'recordings', file))];
  const said = await firedrill(
    ['import', ...byFile.map(([file]) => file), '--name', 'all'],
    project,
  );
  const workload = loadYamlWorkload(join(project, 'firedrill/workloads/all.yaml'));
  const { samples, recordings } = workload;
  const sampleById = new Map(samples.map((sample) => [sample.id, sample]));
  const found = byFile.flatMap(([file, own]) =>
    readExchanges(file).exchanges.map((exchange, pos) => {
      const row = own.find((one) => one.pos === String(pos));
      if (!row) throw new Error(`the index has no ${file}#${pos}`);
      return { row, exchange: withoutAccount(exchange), name: `${row.file}#${pos}` };
    }),
  );
  const ours = found.filter(({ row }) => endpoints.includes(row.endpoint));
  const cases = ours.map((one, at): Case => {
    const recording = recordings[at];
    const sample = recording && sampleById.get(recording.sample);
    if (recording?.kind !== 'recorded' || !sample) throw new Error(`${one.name} is not there`);
    return { ...one, sample, recording };
  });
  if (recordings.length !== cases.length) throw new Error('recordings that no row stands for');
  return { said, exchanges: found.length, cases };
}

/**
 * Three have the id of an account in the message of an error, and one has it packed in the
 * signature of a thought: that is not kept.
 */
const accounts = /\borg-[A-Za-z0-9]{24}\b|QyNTdlOTI1LWVlOTktNGVlOC05YzYyLThlNTM3MTZkNTIwM/g;

function withoutAccount({ request, response }: Exchange): Exchange {
  const text = Buffer.from(response.body).toString('latin1');
  const masked = text.replace(accounts, (id) => '*'.repeat(id.length));
  return { request, response: { ...response, body: Buffer.from(masked, 'latin1') } };
}
