// How commands read the words that several of them share.
import { availableParallelism } from 'node:os';
import { InvalidArgumentError } from 'commander';
import { InputError } from '../errors.ts';
import { scenarioFiles } from '../project.ts';
import type { Shard } from '../run/shard.ts';
import { parseShard } from '../run/shard.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { readScenario } from '../scenario/scenario.ts';

/** A whole number from `min`; commander turns the error into one message. */
export function wholeNumber(min: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < min) {
      throw new InvalidArgumentError(`expected a whole number from ${min}`);
    }
    // Above that, another number than the one that was written would be used.
    if (!Number.isSafeInteger(value)) {
      const most = Number.MAX_SAFE_INTEGER;
      throw new InvalidArgumentError(`expected a whole number from ${min} to ${most}`);
    }
    return value;
  };
}

/** US dollars, above 0. */
export function dollars(text: string): number {
  const value = Number(text.replace(/^\$/, ''));
  if (text.trim() !== '' && Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError('expected US dollars above 0, like 1.50');
}

/** From 0 to 1, as a share or a percentage: 0.6 or 60%. */
export function shareFrom(text: string): number {
  const value = /^\d+(\.\d+)?%$/.test(text) ? Number(text.slice(0, -1)) / 100 : Number(text);
  if (text.trim() !== '' && value >= 0 && value <= 1) return value;
  throw new InvalidArgumentError('expected a score from 0 to 1, like 0.6');
}

/** Of `--scenario`. Throws InputError where that is none, or many. */
export function oneScenario(named: string, cwd: string): Scenario {
  const [file, second] = scenarioFiles([named], cwd);
  if (file === undefined || second !== undefined) {
    throw new InputError(`--scenario ${named}: expected one scenario, that is a folder of them`);
  }
  return readScenario(file);
}

/** `2/3`: the second of three parts. */
export function shardFrom(text: string): Shard {
  const shard = parseShard(text);
  if (shard) return shard;
  throw new InvalidArgumentError('expected i/n with i from 1 to n, like 2/3');
}

export function defaultWorkers(): number {
  return availableParallelism();
}

/** Words for a command line that a shell reads back as they are. */
export function quoted(word: string): string {
  return /^[\w./@:=+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** Of `--redact`. Throws InputError. */
export function redactions(texts: readonly string[] = []): RegExp[] {
  return texts.map((text) => {
    let made: RegExp;
    try {
      made = new RegExp(text, 'gu');
    } catch {
      throw new InputError(`--redact ${JSON.stringify(text)}: is no regular expression`);
    }
    if (!''.match(made)) return made;
    throw new InputError(`--redact ${JSON.stringify(text)}: matches nothing at all everywhere`);
  });
}
