// What a chain leaves set when all its calls are over, as the last line of a history tells it.
import { describe, expect, it } from 'vitest';
import type { Ask } from '../../harness/chains/chain.ts';
import type { CloseEvent } from '../../harness/history.ts';
import { eventsOf, tried } from '../trials.ts';

const scenario = 'arrival: { rate: 6/m, for: 3m, spread: even }\n';

async function closeOf(chain: Ask): Promise<CloseEvent | undefined> {
  return eventsOf(await tried({ chain, scenario }), 'close')[0];
}

describe('the close of a trial', () => {
  it('says nothing of a chain that leaves nothing', async () => {
    expect(await closeOf(async () => 'yes')).not.toHaveProperty('timers');
  });

  it('knows intervals of calls that are long over', async () => {
    const close = await closeOf(async () => {
      setInterval(() => {}, 7_000);
      return 'yes';
    });
    // Of eighteen calls the last six and more were over less than a minute before.
    expect(close?.timers).toEqual({ calls: 12, call: 1, setMs: 0, everyMs: 7_000 });
  });

  it('knows what sets itself anew', async () => {
    const beat = (): void => void setTimeout(beat, 4_000);
    const close = await closeOf(async () => {
      beat();
      return 'yes';
    });
    expect(close?.timers).toMatchObject({ call: 1, everyMs: null });
    expect(close?.timers?.calls).toBeGreaterThan(5);
  });

  it('does not mind limits that nobody took down, nor the lives of what is kept', async () => {
    const close = await closeOf(async () => {
      AbortSignal.timeout(30_000);
      setTimeout(() => {}, 3_600_000);
      return 'yes';
    });
    expect(close).not.toHaveProperty('timers');
  });

  it('counts one call for what the first of them set for all', async () => {
    let sweeps = 0;
    const close = await closeOf(async () => {
      if (sweeps++ === 0) setInterval(() => {}, 60_000);
      return 'yes';
    });
    expect(close?.timers?.calls).toBe(1);
  });
});
