// The process around the command line: the only place that ends it or prints.
import { runCli } from './cli.ts';
import { oneLine } from './formats/clean-text.ts';

const interrupt = new AbortController();

process.once('SIGINT', () => interrupt.abort());
process.once('SIGTERM', () => interrupt.abort());
let lost = false;
process.stdout.on('error', (error) => {
  // A reader that has seen enough (`| head`) has closed the pipe: no mistake of anybody.
  if (lost || ('code' in error && error.code === 'EPIPE')) return;
  lost = true;
  process.exitCode = 2;
  process.stderr.write(`firedrill: the output cannot be written: ${oneLine(error.message)}\n`);
});
// Nobody is left to be told.
process.stderr.on('error', () => {});
const code = await runCli(
  process.argv.slice(2),
  {
    cwd: process.cwd(),
    signal: interrupt.signal,
    out: (text) => {
      process.stdout.write(text);
    },
    err: (text) => {
      process.stderr.write(text);
    },
    colour: process.stdout.isTTY === true && !process.env.NO_COLOR,
    interactive: process.stderr.isTTY === true && !process.env.CI,
    width: process.stdout.columns ?? 120,
    ...(process.stdin.isTTY === true && process.stderr.isTTY === true && { ask }),
    ...(process.env.GITHUB_ACTIONS === 'true' && {
      github: { summaryFile: process.env.GITHUB_STEP_SUMMARY ?? null },
    }),
  },
  Boolean(process.env.FIREDRILL_DEBUG),
);
process.exitCode = lost ? 2 : code;

/** Yes is `y` or `yes`; anything else, and the end of the input, is no. */
async function ask(question: string): Promise<boolean> {
  const { createInterface } = await import('node:readline/promises');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(`${question} [y/N] `, { signal: interrupt.signal });
    return /^y(?:es)?$/i.test(answer.trim());
  } catch {
    return false;
  } finally {
    terminal.close();
  }
}
