// A command that tells a mistyped option before one that is missing: who writes `--chian` is not
// helped by being told that `--chain` is required.
import type { ParseOptionsResult } from 'commander';
import { Command } from 'commander';
import { nearest } from '../scenario/nearest.ts';

export class StrictCommand extends Command {
  override createCommand(name?: string): Command {
    return new StrictCommand(name);
  }

  override parseOptions(words: string[]): ParseOptionsResult {
    const parsed = super.parseOptions(words);
    // What the program does not know may be known to the command that it names.
    const isLeaf = this.commands.length === 0;
    const asksForHelp = parsed.unknown.some((word) => word === '-h' || word === '--help');
    const [first] = parsed.unknown;
    if (isLeaf && !asksForHelp && first?.startsWith('-')) this.#refuse(first);
    return parsed;
  }

  #refuse(word: string): never {
    const given = word.replace(/=.*$/s, '');
    const names = this.options.flatMap(({ long }) => long?.slice(2) ?? []);
    const near = given.startsWith('--') ? nearest(given.slice(2), names) : null;
    const meant = near === null ? '' : ` (did you mean --${near}?)`;
    this.error(`error: unknown option '${given}'${meant}`, { code: 'commander.unknownOption' });
  }
}
