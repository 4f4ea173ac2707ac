// Errors that nothing in the chain's code catches, and its calls of `process.exit`. In production
// either ends the process, and every call in flight with it: a finding about the chain, not a
// mistake of the harness. A chain that listens for `unhandledRejection` itself keeps its process,
// here too.
import { syncBuiltinESMExports } from 'node:module';
import { HarnessError, InputError } from '../errors.ts';

export type OnCrash = (error: unknown) => void;

export interface Crashes {
  /** Who is told from now on; null: nobody but `otherwise`. */
  listen(listener: OnCrash | null): void;
}

/** What stands for the end of the process in the code that asked for it. */
class ProcessExit extends Error {
  override readonly name = 'ProcessExit';
}

/** Watches this thread, for good. `otherwise` is told while nobody listens. */
export function watchCrashes(otherwise: OnCrash): Crashes {
  let listener: OnCrash | null = null;
  const tell: OnCrash = (error) => (listener ?? otherwise)(error);
  process.on('uncaughtException', (error, origin) => {
    if (error instanceof ProcessExit) return;
    const ours = isOurs(error, origin);
    // The chain's own listener keeps the process up, as it would in production.
    if (!ours && process.listenerCount('uncaughtException') > 1) return;
    tell(ours ? unexpected(error) : error);
  });
  process.exit = (code) => {
    const exit = new ProcessExit(`process.exit(${code ?? ''}) was called`);
    tell(exit);
    throw exit;
  };
  syncBuiltinESMExports();
  return {
    listen(next) {
      listener = next;
    },
  };
}

/**
 * Whether the harness is to blame. Errors that it makes for clients have only its own frames too,
 * but reach nobody as rejections of promises; what its callbacks throw does not.
 */
function isOurs(error: unknown, origin: string): boolean {
  if (error instanceof HarnessError || error instanceof InputError) return true;
  if (origin === 'unhandledRejection' || !(error instanceof Error)) return false;
  const frames = (error.stack ?? '').match(/^ {4}at .*$/gm) ?? [];
  const placed = frames.filter((frame) => !/\(?node:/.test(frame));
  return placed.length > 0 && placed.every((frame) => frame.includes(ownFolder));
}

const ownFolder = new URL('..', import.meta.url).pathname;

function unexpected(error: unknown): unknown {
  if (error instanceof HarnessError || error instanceof InputError) return error;
  return new HarnessError(`unexpected: ${error instanceof Error ? error.stack : String(error)}`);
}
