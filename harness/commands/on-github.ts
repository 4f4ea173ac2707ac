// In a GitHub workflow a drill is told where people look there: beside the code, and on the page of
// the job.
import { appendFileSync } from 'node:fs';
import { messageOf } from '../errors.ts';
import { annotations, stepSummary } from '../formats/github-text.ts';
import type { Report } from '../report.ts';
import type { CommandContext } from './command.ts';

/** Anywhere else it does nothing. A summary that cannot be written is noted, no more. */
export function tellGithub({ github, err }: CommandContext, report: Report): void {
  if (!github) return;
  // GitHub reads both outputs of a step; reports go to the other one.
  err(annotations(report));
  if (github.summaryFile === null) return;
  try {
    appendFileSync(github.summaryFile, stepSummary(report));
  } catch (error) {
    err(`note: the summary of the job cannot be written: ${messageOf(error)}\n`);
  }
}
