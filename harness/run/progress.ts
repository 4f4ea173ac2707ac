// The progress of a run on a terminal: a bar with what is left; nothing where nobody watches.
import { SingleBar } from 'cli-progress';

export interface Progress {
  step(done: number, total: number): void;
  stop(): void;
}

export function createProgress(context: { interactive: boolean }): Progress {
  if (!context.interactive) return { step: () => {}, stop: () => {} };
  const bar = new SingleBar({
    format: '{bar} {value}/{total} trials, {eta_formatted} left',
    hideCursor: true,
    clearOnComplete: true,
    stopOnComplete: false,
    stream: process.stderr,
  });
  let started = false;
  return {
    step(done, total) {
      if (!started) bar.start(total, done);
      else bar.update(done);
      started = true;
    },
    stop() {
      if (started) bar.stop();
    },
  };
}
