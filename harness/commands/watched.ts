// What people see while a command drills: its progress, the first lines that chains print, and
// notes once it is over.
import { oneLine } from '../formats/clean-text.ts';
import { ChainOutput, hiddenText } from '../run/chain-output.ts';
import { createProgress } from '../run/progress.ts';
import type { CommandContext } from './command.ts';

export interface Watch {
  onProgress(done: number, total: number): void;
  /** What a chain prints. */
  onOutput(text: string): void;
  /** One sentence, told at the end. */
  onNote(text: string): void;
}

/** `verbose`: all that chains print is shown. Notes are told of a drill that fails, too. */
export async function watched<T>(
  context: CommandContext,
  verbose: boolean | undefined,
  drill: (watch: Watch) => Promise<T>,
): Promise<T> {
  const progress = createProgress(context);
  const output = new ChainOutput(context.err, verbose);
  const notes: string[] = [];
  try {
    return await drill({
      onProgress: (done, total) => progress.step(done, total),
      onOutput: (text) => output.take(text),
      onNote: (text) => notes.push(text),
    });
  } finally {
    progress.stop();
    const hidden = hiddenText(output);
    if (hidden !== null) notes.push(hidden);
    for (const note of notes) context.err(`note: ${oneLine(note)}\n`);
  }
}
