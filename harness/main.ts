// The process around the command line: the only place that ends it or prints.
import { runCli } from './cli.ts';

const interrupt = new AbortController();

process.once('SIGINT', () => interrupt.abort());
process.once('SIGTERM', () => interrupt.abort());
// A reader that has seen enough (`| head`) has closed the pipe: no mistake of anybody.
process.stdout.on('error', (error) => {
  if (!('code' in error) || error.code !== 'EPIPE') throw error;
});
process.exitCode = await runCli(
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
  },
  Boolean(process.env.FIREDRILL_DEBUG),
);
