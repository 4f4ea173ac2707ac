// In a GitHub workflow a command's findings are told where people look there: beside the code, and
// on the page of the job.
import { appendFileSync } from 'node:fs';
import { messageOf } from '../errors.ts';
import type { GithubWords } from '../formats/github-text.ts';
import type { CommandContext } from './command.ts';

/** Anywhere else it does nothing. A summary that cannot be written is noted, no more. */
export function tellGithub({ github, err }: CommandContext, words: () => GithubWords): void {
  if (!github) return;
  const { annotations, summary } = words();
  // GitHub reads both outputs of a step; reports go to the other one.
  err(annotations);
  if (github.summaryFile === null) return;
  try {
    appendFileSync(github.summaryFile, summary);
  } catch (error) {
    err(`note: the summary of the job cannot be written: ${messageOf(error)}\n`);
  }
}
