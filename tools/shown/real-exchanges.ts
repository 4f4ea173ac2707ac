// Real exchanges: ten shipped scenarios over the recordings of ../shared/recordings, as workloads
// of one target each, and over ../shared/ifeval with four models behind one chain. One table each,
// with what the answers are. Needs the outside data (FIREDRILL_DATA).
//
//   node_modules/.bin/node --import tsx tools/shown/real-exchanges.ts [--least 3]
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse, stringify } from 'yaml';
import { messageOf } from '../../harness/errors.ts';
import { answersSaid } from '../../harness/formats/provenance-text.ts';
import { csvRecords } from '../../harness/importers/csv-records.ts';
import { readExchanges } from '../../harness/importers/read-exchanges.ts';
import { importExchanges } from '../../harness/importing/import-exchanges.ts';
import type { ImportedSample } from '../../harness/importing/imported.ts';
import { scenarioFiles, shippedTargets } from '../../harness/project.ts';
import type { Report, ScenarioRow } from '../../harness/report.ts';
import { exactAnswer } from '../../harness/upstream/exact-answer.ts';
import type { ExactRecording } from '../../harness/upstream/recording.ts';
import { createTargets, readTargets } from '../../harness/upstream/targets.ts';
import { command } from './command.ts';
import { numberOf, shown } from './shown.ts';

const root = resolve(import.meta.dirname, '../..');
const data = resolve(process.env.FIREDRILL_DATA ?? resolve(root, '../shared'));

const scenarios = [
  'healthy',
  'provider-outage',
  'rate-limit-storm',
  'rate-limit-storm-with-hint',
  'quota-exhausted',
  'server-error-blip',
  'cut-stream',
  'stall-mid-stream',
  'truncated-stream',
  'slow-provider',
];

/** What the reference chain can ask: these providers, on these wires. */
const wires: Readonly<Record<string, string>> = {
  'openai-chat': 'openai',
  'openai-responses': 'openai',
  'anthropic-messages': 'anthropic',
};

interface Drilled {
  rows: ScenarioRow[];
}

async function drilled(
  dir: string,
  chain: object,
  workload: string,
  /** Without any, no bound on quality can be judged. */
  hasScores: boolean,
): Promise<Drilled> {
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, 'chain.yaml'), stringify(chain));
  const files = scenarioFiles(scenarios, root).map((file) => {
    const fields = parse(readFileSync(file, 'utf8'));
    const path = join(dir, `${fields.name}.yaml`);
    const bounds = Object.entries(fields.thresholds ?? {});
    const kept = bounds.filter(([bound]) => hasScores || !bound.startsWith('quality.'));
    writeFileSync(path, stringify({ ...fields, workload, thresholds: Object.fromEntries(kept) }));
    return path;
  });
  const words = ['run', ...files, '--chain', 'chain.yaml', '--json', '--out', 'run'];
  const { code, out, err } = await command(words, dir);
  if (code === 2) throw new Error(err);
  return { rows: (JSON.parse(out) as Report).scenarios };
}

/** What calls a tool goes on where no recording is; what says nothing is no answer. */
function isInWords(recording: ExactRecording): boolean {
  const { said } = exactAnswer(recording);
  return said !== null && said.text !== '' && said.toolCalls.length === 0;
}

/** The answers of one target that are no errors, as a workload of its own. */
function workloadOf(
  dir: string,
  own: readonly ExactRecording[],
  samples: readonly ImportedSample[],
): string {
  mkdirSync(dir, { recursive: true });
  const asked = new Set(own.map(({ sample }) => sample));
  const prompts = samples
    .filter(({ id }) => asked.has(id))
    .map(({ id, system, prompt }) => ({
      id,
      ...(system === null ? {} : { system }),
      prompt,
    }));
  const name = 'real';
  const provenance = 'recorded by others';
  const workload = { name, provenance, recordings: 'real.jsonl', samples: prompts };
  writeFileSync(join(dir, 'real.jsonl'), own.map((one) => `${JSON.stringify(one)}\n`).join(''));
  writeFileSync(join(dir, 'real.yaml'), stringify(workload));
  return join(dir, 'real.yaml');
}

function everyExchange(): ReturnType<typeof importExchanges> {
  const folder = join(data, 'recordings');
  const index = join(folder, 'INDEX.csv');
  const [head, ...lines] = csvRecords(index, readFileSync(index, 'utf8')).map(({ cells }) => cells);
  const at = head?.indexOf('file') ?? 0;
  const files = [...new Set(lines.map((cells) => join(folder, cells[at] ?? '')))];
  const readable = files.filter((file) => {
    try {
      return readExchanges(file).exchanges.length > 0;
    } catch {
      return false;
    }
  });
  const named = readable.map((path) => ({ path, shown: path }));
  return importExchanges(named, createTargets(readTargets([shippedTargets])));
}

const share = (value: number | null): string =>
  value === null ? '-' : `${(value * 100).toFixed(1)}%`;
const seconds = (value: number | null): string =>
  value === null ? '-' : `${(value / 1000).toFixed(1)}s`;

const head =
  'scenario                     calls   n  available    p50    p95  fallback  ' +
  'drop, points (95%)         verdict';

function line(row: ScenarioRow): string {
  const { quality, latency_ms, verdicts } = row;
  const ci =
    quality.ci95 &&
    `${(quality.ci95[0] * 100).toFixed(1)} to ${(quality.ci95[1] * 100).toFixed(1)}`;
  const drop =
    quality.drop === null ? 'no scores' : `${(quality.drop * 100).toFixed(1)} (${ci ?? '-'})`;
  const breached = verdicts.filter(({ held }) => !held).map(({ path }) => path);
  return [
    row.scenario.padEnd(27),
    String(row.calls).padStart(6),
    String(quality.n).padStart(3),
    share(row.availability).padStart(10),
    seconds(latency_ms.p50).padStart(6),
    seconds(latency_ms.p95).padStart(6),
    share(row.fallback_rate).padStart(9),
    ` ${drop.padEnd(26)}`,
    row.held ? 'held' : `breached: ${breached.join(', ')}`,
  ].join(' ');
}

function said(rows: readonly ScenarioRow[]): string {
  return answersSaid(
    rows
      .slice(0, 1)
      .flatMap(({ recordings }) =>
        Object.entries(recordings).map(([target, own]) => ({ target, ...own })),
      ),
  );
}

const retry = { max: 1, backoff: '250ms..4s', jitter: 'full', hintCap: '3s' };
const attempt = { timeout: '30s', firstToken: '5s', idle: '3s' };
const degrade = 'The assistant is unavailable right now.';

await shown('Ten scenarios over real exchanges.', async ({ dir, say, check }) => {
  const { recordings, samples } = everyExchange();
  const exact = recordings.filter((one) => one.kind === 'recorded');
  const answers = exact.filter((one) => exactAnswer(one).failure === null);
  const byTarget = Map.groupBy(answers, ({ target, wire }) => `${target}\n${wire}`);
  const left = new Map<string, number>();
  const count = (reason: string, by: number): void => {
    if (by > 0) left.set(reason, (left.get(reason) ?? 0) + by);
  };
  const least = numberOf('least', 3);
  let n = 0;
  let drills = 0;
  let held = 0;
  for (const [key, own] of byTarget) {
    const [target = '', wire = ''] = key.split('\n');
    const provider = target.slice(0, target.indexOf('/'));
    if (wires[wire] !== provider) {
      count('of a provider or on a wire that the reference chain does not ask', own.length);
      continue;
    }
    const inWords = own.filter(isInWords);
    count('that call a tool or say nothing: no answer by themselves', own.length - inWords.length);
    if (inWords.length < least) {
      count(`of targets with fewer than ${least} answers in words`, inWords.length);
      continue;
    }
    const place = join(dir, `target-${n}`);
    const more = provider === 'openai' ? { wire } : {};
    const chain = {
      targets: [{ model: target, ...more }],
      attempt,
      deadline: '30s',
      retry,
      degrade,
    };
    try {
      const { rows } = await drilled(place, chain, workloadOf(place, inWords, samples), false);
      const asked = new Set(inWords.map(({ sample }) => sample)).size;
      n += inWords.length;
      drills += rows.length;
      held += rows.filter((row) => row.held).length;
      say(
        `\n${target} (${wire}): ${inWords.length} exchanges, ${asked} prompts. ${said(rows)}\n${head}`,
      );
      for (const row of rows) say(line(row));
      check(rows.length === scenarios.length, `${target}: all scenarios were drilled`);
    } catch (error) {
      count(messageOf(error).split('\n')[0] ?? '', inWords.length);
    }
  }
  say(
    `\nsingle-target: n = ${n} exchanges of ${answers.length} answers; ${drills} drills, ${held} held`,
  );
  for (const [reason, count] of left) say(`left out, ${count}: ${reason}`);
  process.env.FIREDRILL_DATA = data;
  const shipped = parse(readFileSync(resolve(root, 'fixtures/chains/ifeval.yaml'), 'utf8'));
  const four = [...shipped.targets, 'anthropic/claude-3-haiku-20240307'];
  const chain = { ...shipped, targets: four };
  const { rows } = await drilled(join(dir, 'ifeval'), chain, 'ifeval', true);
  say(`\nifeval: ${four.length} models in one chain. ${said(rows)}\n${head}`);
  for (const row of rows) say(line(row));
  check(rows.length === scenarios.length, 'ifeval: all scenarios were drilled');
});
