// The contract of a command: one file each, one key in index.ts. A command parses its words, calls
// what does the work, and returns the exit code; it holds no logic of its own.
import type { Command as Program } from 'commander';

export interface CommandContext {
  cwd: string;
  /** Aborted by Ctrl-C. */
  signal: AbortSignal;
  out(text: string): void;
  err(text: string): void;
  /** Whether `out` is a terminal that shows colours. */
  colour: boolean;
  /** Whether `err` is a terminal: where progress may be drawn. */
  interactive: boolean;
  /** Where a GitHub workflow shows summaries, if anywhere; absent outside of one. */
  github?: { summaryFile: string | null };
  /** Asks whoever sits before the terminal; absent where nobody does. */
  ask?: (question: string) => Promise<boolean>;
  /** Columns of the terminal. */
  width: number;
}

/**
 * 0: all held; 1: a threshold was breached; 2: harness error or bad input; 130: interrupted. Of
 * `exec` it may also be that of the command that it ran.
 */
export type ExitCode = number;

export interface CliCommand {
  name: string;
  /** Adds arguments, options, examples; `action` receives what commander parsed. */
  define(program: Program, finish: (work: () => Promise<ExitCode>) => Promise<void>): void;
}

/** A command bound to where it runs. */
export type MakeCommand = (context: CommandContext) => CliCommand;
