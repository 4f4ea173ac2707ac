import { describe, expect, it } from 'vitest';
import type { FaultWindow } from '../../harness/plan-view.ts';
import { recovery } from '../../harness/scorers/recovery.ts';
import type { CallSpec } from './hand-made.ts';
import { figuresBy, historyOf, primary, second, textOf, viewOf } from './hand-made.ts';

const texts = [textOf(primary, 'From the first.'), textOf(second, 'From the second.')];
const outage: FaultWindow = {
  fault: 'server-error',
  provider: 'openai',
  model: null,
  region: null,
  fromMs: 1_000,
  toMs: 3_000,
};

/** One call a second: `p`rimary, `f`allback, `c`ached, `a`borted, `e`rror, `h`ung. */
function arrivals(line: string, slow: Record<number, number> = {}): CallSpec[] {
  return [...line].map((letter, index): CallSpec => {
    const due = index * 1_000;
    const to = slow[index] ?? 100;
    switch (letter) {
      case 'p':
        return { due, attempts: [{ to }], text: 'From the first.' };
      case 'f':
        return { due, attempts: [{ target: second, to }], text: 'From the second.' };
      case 'c':
        return { due, text: 'From the first.', after: 1 };
      case 'a':
        return { due, answer: { kind: 'aborted' }, after: 1 };
      case 'h':
        return { due, hung: 'cut', after: 900_000 };
      default:
        return { due, answer: { kind: 'error' }, after: 1 };
    }
  });
}

function recovered(line: string, windows = [outage], slow = {}): unknown {
  const events = historyOf(arrivals(line, slow), texts);
  const { recovery_ms, reasons } = figuresBy(recovery, events, viewOf({ windows }));
  return recovery_ms ?? reasons.recovery_ms;
}

describe('recovery', () => {
  it('is from the end of the last fault to the first of five calls in a row on the primary', () => {
    expect(recovered('pfffffffppppp')).toBe(5_000);
  });

  it('takes the five by arrival, whenever they finish', () => {
    expect(recovered('pffffppppp', [outage], { 5: 60_000, 7: 30_000 })).toBe(2_000);
    expect(recovered('pffffppfpppppp', [outage], { 7: 90_000 })).toBe(5_000);
  });

  it('starts anew after a call that another target served, that failed or that hung', () => {
    expect(recovered('pffppppfppppp')).toBe(5_000);
    expect(recovered('pffppppeppppp')).toBe(5_000);
    expect(recovered('pffpppphppppp')).toBe(5_000);
  });

  it('goes on over cached and aborted calls', () => {
    expect(recovered('pffpcpcpcapp')).toBe(0);
  });

  it('does not count calls that arrived before the fault was over', () => {
    expect(recovered('ppppp')).toBe('fewer than 5 calls after the last fault on the primary');
    expect(recovered('pppfpppp')).toBe('not recovered');
  });

  it('says where the primary never came back', () => {
    expect(recovered('pffffffffffff')).toBe('not recovered');
  });

  it('has no value for faults elsewhere or without an end', () => {
    const elsewhere = { ...outage, provider: 'anthropic' };
    const otherModel = { ...outage, model: 'mini' };
    expect(recovered('ppppppppp', [elsewhere, otherModel])).toBe('no fault on the primary');
    expect(recovered('ppppppppp', [])).toBe('no fault on the primary');
    const endless = { ...outage, toMs: null };
    expect(recovered('ppppppppp', [outage, endless])).toBe('a fault on the primary has no end');
  });

  it('looks at the last of several faults, on all of the provider or on everything', () => {
    const later = { ...outage, provider: null, toMs: 6_000 };
    expect(recovered('ppppppppppppp', [later, outage])).toBe(0);
    expect(recovered('pppppppffppppp', [later, outage])).toBe(3_000);
  });

  it('is the worst of several trials', () => {
    const tally = (ms: number) => ({ kind: 'recovered' as const, ms });
    const merged = recovery.merge(tally(3), tally(9));
    expect(recovery.figures(merged)).toMatchObject({ recovery_ms: 9 });
    const failed = recovery.merge({ kind: 'not-recovered' }, merged);
    expect(recovery.figures(failed)).toEqual({
      recovery_ms: null,
      reasons: { recovery_ms: 'not recovered' },
    });
  });
});
