// Calls the factory of a chain. It may await, and its timers are virtual: the clock has to move.
import type { Ask, Chain } from '../chains/chain.ts';
import type { Ending } from '../clock/clock.ts';
import { HarnessError, messageOf } from '../errors.ts';
import type { TwinKind } from '../twin-kind.ts';

interface StartOptions {
  chain: Chain;
  twin: TwinKind | null;
  drive(options: { isDone(): boolean; untilMs: () => number; onBeat(): void }): Promise<Ending>;
  /** What went wrong in the harness meanwhile. */
  failure(): Error | null;
  onBeat(): void;
}

/** Of virtual time, for a factory that waits. */
const patienceMs = 10 * 60_000;

/** Throws HarnessError where the factory gives nothing that can be asked. */
export async function startChain(options: StartOptions): Promise<Ask> {
  const { chain, drive, failure, onBeat } = options;
  let ask: Ask | null = null;
  let failed: unknown = null;
  const made = async (): Promise<void> => {
    ask = await make(options);
  };
  made().catch((error: unknown) => {
    failed = error ?? new Error('the factory of the chain failed');
  });
  const ending = await drive({
    isDone: () => ask !== null || failed !== null || failure() !== null,
    untilMs: () => patienceMs,
    onBeat,
  });
  const known = failure();
  if (known) throw known;
  if (failed) throw new HarnessError(`the factory of ${chain.name} threw: ${messageOf(failed)}`);
  if (ask === null) throw new HarnessError(`the factory of ${chain.name} ${unfinished(ending)}`);
  if (typeof ask !== 'function') {
    throw new HarnessError(
      `the factory of ${chain.name} returned no function: write "export default () => async (sample, signal) => text"`,
    );
  }
  return ask;
}

/** A chain that streams or not as it is told is told; any other is given nothing. */
function make({ chain, twin }: StartOptions): Ask | Promise<Ask> {
  const { factory, stream } = chain;
  if (stream === undefined) return (factory as () => Ask | Promise<Ask>)();
  return factory({ stream: twin === 'stream' ? !stream : stream });
}

function unfinished(ending: Ending): string {
  switch (ending.end) {
    case 'done':
    case 'hung':
    case 'horizon':
      return 'never finished';
    case 'real-work':
      return `waits for ${ending.resource}, work outside virtual time that took more than 5 s`;
    default: {
      const never: never = ending;
      return never;
    }
  }
}
