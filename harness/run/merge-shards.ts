// The shards of a run put together: one history in the order of the plan, and the reports that the
// unsharded run would have written. What only the machines know (wall times) is taken from theirs.
import { closeSync, openSync, renameSync } from 'node:fs';
import { HarnessError, InputError, messageOf } from '../errors.ts';
import type { Report } from '../report.ts';
import { writeBytes } from '../whole-file.ts';
import { linesOf } from './history-file.ts';
import { earlierReport, reportOf } from './report-again.ts';
import type { RunFile } from './run-folder.ts';
import { historyName, RunFolder } from './run-folder.ts';
import type { Shard } from './shard.ts';
import { shardText } from './shard.ts';

interface Part {
  folder: RunFolder;
  run: RunFile;
  shard: Shard;
  report: Report;
}

/** Throws InputError where they are not all shards of one run, each once and finished. */
export function mergeShards(dirs: readonly string[], into: RunFolder): Report {
  const parts = dirs.map(partIn).sort((a, b) => a.shard.index - b.shard.index);
  const [first] = parts;
  if (!first) throw new InputError('there is no shard to merge');
  refuseOthers(parts);
  const { shard: _, ...whole } = first.run;
  const started = parts.map(({ run }) => run.started).sort()[0] ?? whole.started;
  into.open({ ...whole, started }, false);
  try {
    weave(
      parts.map(({ folder }) => folder.path(historyName)),
      into.path(historyName),
    );
    const report = reportOf(into, [into.path(historyName)], wallOf(parts));
    into.dropParts();
    return report;
  } catch (error) {
    into.dropParts();
    throw error;
  } finally {
    into.release();
  }
}

function partIn(dir: string): Part {
  const folder = new RunFolder(dir);
  const run = folder.read();
  if (!run)
    throw new InputError('holds no run: write the --out of a run with --shard', { file: dir });
  if (!run.shard) throw new InputError('is a whole run, no shard of one', { file: dir });
  const report = folder.finished() ? earlierReport(folder) : null;
  if (report) return { folder, run, shard: run.shard, report };
  const shard = shardText(run.shard);
  throw new InputError(`shard ${shard} is not finished: go on with --resume --out ${dir}`, {
    file: dir,
  });
}

function refuseOthers([first, ...others]: Part[]): void {
  if (!first) return;
  const seen = new Map([[first.shard.index, first.folder.dir]]);
  for (const { folder, run, shard } of others) {
    const place = { file: folder.dir };
    if (run.fingerprint !== first.run.fingerprint) {
      throw new InputError(
        `is a shard of another run than ${first.folder.dir} (chain, scenarios, workloads, targets, seed, trials or firedrill itself differ)`,
        place,
      );
    }
    if (shard.of !== first.shard.of) {
      throw new InputError(`is shard ${shardText(shard)}, not one of ${first.shard.of}`, place);
    }
    const twice = seen.get(shard.index);
    if (twice !== undefined) {
      throw new InputError(`is shard ${shardText(shard)}, as ${twice} is: give each once`, place);
    }
    seen.set(shard.index, folder.dir);
  }
  const missing = Array.from({ length: first.shard.of }, (_, at) => at + 1)
    .filter((index) => !seen.has(index))
    .map((index) => shardText({ index, of: first.shard.of }));
  if (missing.length > 0) {
    throw new InputError(`of the run's shards ${missing.join(', ')} is missing: give all of them`);
  }
}

function wallOf(parts: readonly Part[]): Pick<Report, 'wall'> & { trials: Report['trials'] } {
  const walls = parts.map(({ report }) => report.wall);
  return {
    trials: parts.flatMap(({ report }) => report.trials),
    wall: {
      started: walls.map(({ started }) => started).sort()[0] ?? '',
      ms: Math.max(...walls.map(({ ms }) => ms)),
      workers: walls.reduce((sum, { workers }) => sum + workers, 0),
      node: walls[0]?.node ?? process.version,
    },
  };
}

/** Trials were dealt out one by one, so they are taken back one by one, each with its twins. */
function weave(histories: string[], file: string): void {
  try {
    const whole = openSync(`${file}.partial`, 'w');
    try {
      const hands = histories.map((history) => new Hand(linesOf(history)));
      let pending: string[] = [];
      const flush = (): void => {
        writeBytes(whole, Buffer.from(pending.join(''), 'utf8'));
        pending = [];
      };
      const take = (line: string): void => {
        pending.push(line);
        if (pending.length >= 1_000) flush();
      };
      for (let open = true; open; ) {
        open = false;
        for (const hand of hands) open = hand.deal(take) || open;
      }
      flush();
    } finally {
      closeSync(whole);
    }
    renameSync(`${file}.partial`, file);
  } catch (error) {
    throw new HarnessError(`the history ${file} cannot be written: ${messageOf(error)}`);
  }
}

/** The history of one shard, trial by trial. Memory stays flat whatever its size. */
class Hand {
  readonly #lines: Iterator<string>;
  #next: string | null;

  constructor(lines: Iterator<string>) {
    this.#lines = lines;
    this.#next = this.#take();
  }

  #take(): string | null {
    const { value, done } = this.#lines.next();
    return done ? null : value;
  }

  /** Hands out the next trial and its twins; false where none is left. */
  deal(take: (line: string) => void): boolean {
    if (this.#next === null) return false;
    const unit = unitOf(this.#next);
    while (this.#next !== null) {
      const begun = unitOf(this.#next);
      if (begun !== null && begun !== unit) break;
      take(`${this.#next}\n`);
      this.#next = this.#take();
    }
    return true;
  }
}

/** Which trial a line begins; null where it begins none. */
function unitOf(line: string): string | null {
  if (!line.startsWith('{"e":"trial"')) return null;
  const { scenario, trial } = JSON.parse(line) as { scenario: string; trial: number };
  return `${scenario} ${trial}`;
}
