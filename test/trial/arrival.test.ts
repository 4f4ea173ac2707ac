import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Scenario } from '../../harness/scenario/scenario.ts';
import { parseScenario } from '../../harness/scenario/scenario.ts';
import { openArrivals, Questions } from '../../harness/trial/arrival.ts';
import type { Sample } from '../../harness/workloads/workload.ts';
import { plainSample } from '../../harness/workloads/workload.ts';

const sampleOf = (id: string): Sample => {
  return { ...plainSample, id, prompt: `question ${id}` };
};
const samples = Array.from('abcdefgh', sampleOf);

function scenario(more = '', arrival = '{ rate: 1/s, for: 10m }'): Scenario {
  const head = 'name: x\ndescription: x\nworkload: x\n';
  return parseScenario(`${head}arrival: ${arrival}\n${more}`, 'x.yaml');
}

const poisson = (rate: number, seed: number, forMs = 600_000): number[] => [
  ...openArrivals({ rate, for: forMs, spread: 'poisson' }, 1, seed),
];

describe('arrivals', () => {
  it('are evenly spread where the scenario says so', () => {
    expect([...openArrivals({ rate: 2, for: 2000, spread: 'even' }, 1, 1)]).toEqual([
      0, 500, 1000, 1500,
    ]);
    expect([...openArrivals({ rate: 1 / 3, for: 7000, spread: 'even' }, 1, 1)]).toEqual([
      0, 3000, 6000,
    ]);
  });

  it('are each sample once, with a gap', () => {
    expect([...openArrivals({ each: 'once', gap: 250 }, 4, 1)]).toEqual([0, 250, 500, 750]);
  });

  it('are bursts: so many at one instant or evenly within a time, every so often', () => {
    const at = (arrival: { burst: number; every: number; for: number; within: number }) => [
      ...openArrivals(arrival, 1, 1),
    ];
    const minute = { burst: 3, every: 60_000, for: 120_000, within: 0 };
    expect(at(minute)).toEqual([0, 0, 0, 60_000, 60_000, 60_000]);
    expect(at({ ...minute, within: 1_000, for: 60_001 })).toEqual([0, 333, 666, 60_000]);
    expect(at({ ...minute, burst: 1, every: 500, for: 1_001, within: 500 })).toEqual([
      0, 500, 1000,
    ]);
  });

  it('of bursts never go back in time, and are as many as said', () => {
    const some = fc.integer({ min: 1, max: 5_000 });
    const arrival = fc
      .record({ burst: fc.integer({ min: 1, max: 40 }), every: some, times: fc.nat({ max: 9 }) })
      .chain(({ burst, every, times }) =>
        fc
          .nat({ max: every })
          .map((within) => ({ burst, every, within, for: every * (times + 1) })),
      );
    fc.assert(
      fc.property(arrival, (given) => {
        const times = [...openArrivals(given, 1, 1)];
        expect(times).toEqual(times.toSorted((a, b) => a - b));
        expect(times).toHaveLength((given.burst * given.for) / given.every);
        expect(times.at(-1)).toBeLessThan(given.for);
      }),
    );
  });

  it.each([1, 2, 3, 4, 5])('come at their rate, each wait exponential (seed %d)', (seed) => {
    const times = poisson(10, seed, 3_600_000);
    const mean = 36_000;
    expect(Math.abs(times.length - mean) / Math.sqrt(mean)).toBeLessThan(3.5);
    const waits = times.slice(1).map((at, i) => at - (times[i] ?? 0));
    const longer = waits.filter((wait) => wait > 100).length / waits.length;
    expect(longer).toBeCloseTo(Math.exp(-1), 1.5);
    const square = waits.reduce((sum, wait) => sum + wait * wait, 0) / waits.length;
    expect(Math.sqrt(square / 2)).toBeCloseTo(100, -1);
  });

  it('never go back in time, and end before the end', () => {
    const arrival = fc.record({
      rate: fc.double({ min: 0.001, max: 50, noNaN: true }),
      for: fc.integer({ min: 1, max: 60_000 }),
      spread: fc.constantFrom('poisson' as const, 'even' as const),
    });
    fc.assert(
      fc.property(arrival, fc.integer(), (given, seed) => {
        const times = [...openArrivals(given, 1, seed)];
        for (const [i, at] of times.entries()) {
          expect(at).toBeGreaterThanOrEqual(times[i - 1] ?? 0);
          expect(at).toBeLessThan(given.for);
          expect(Number.isInteger(at)).toBe(true);
        }
      }),
    );
  });

  it('are the same for every workload, and a longer trial begins like a shorter one', () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat(100), (seed, count) => {
        const arrival = { rate: 5, spread: 'poisson' as const };
        const short = [...openArrivals({ ...arrival, for: 10_000 }, 1, seed)];
        const long = [...openArrivals({ ...arrival, for: 20_000 }, count, seed)];
        expect(long.slice(0, short.length)).toEqual(short);
      }),
    );
  });
});

describe('questions', () => {
  const asked = (from: Scenario, seed: number, count: number) => {
    const questions = new Questions(from, samples, seed);
    return Array.from({ length: count }, (_, i) => ({ call: i + 1, ...questions.next(i + 1) }));
  };
  const repeating = scenario('repeat: { share: 40%, zipf: 1.1 }\n');

  it('go through all samples before any comes again, each round in an order of its own', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const ids = asked(scenario(), seed, 24).map(({ sample }) => sample.id);
        for (const round of [0, 8, 16]) {
          expect(
            ids
              .slice(round, round + 8)
              .sort()
              .join(''),
          ).toBe('abcdefgh');
        }
      }),
    );
    const orders = [1, 2, 3, 4].map((seed) =>
      asked(scenario(), seed, 8)
        .map(({ sample }) => sample.id)
        .join(''),
    );
    expect(new Set(orders).size).toBe(4);
  });

  it('come in the order of the workload where each is asked once', () => {
    const ids = asked(scenario('', '{ each: once }'), 1, 8).map(({ sample }) => sample.id);
    expect(ids.join('')).toBe('abcdefgh');
  });

  it('repeat nothing unless the scenario says so', () => {
    expect(asked(scenario(), 1, 200).every(({ repeats }) => repeats === null)).toBe(true);
  });

  it('repeat only an earlier new question, word for word', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const all = asked(repeating, seed, 100);
        expect(all[0]?.repeats).toBeNull();
        for (const { call, repeats, sample } of all) {
          if (repeats === null) continue;
          const first = all[repeats - 1];
          expect(repeats).toBeLessThan(call);
          expect(first).toMatchObject({ sample, repeats: null });
        }
      }),
    );
  });

  it('repeat as often as the scenario says, early ones most (Zipf)', () => {
    const all = asked(repeating, 11, 20_000);
    const repeats = all.flatMap(({ repeats }) => repeats ?? []);
    expect(Math.abs(repeats.length - 8000) / Math.sqrt(20_000 * 0.4 * 0.6)).toBeLessThan(3.5);
    const firsts = all.filter((one) => one.repeats === null).map(({ call }) => call);
    const times = (rank: number): number =>
      repeats.filter((call) => call === firsts[rank - 1]).length;
    expect(times(1)).toBeGreaterThan(times(2));
    expect(times(2)).toBeGreaterThan(times(10));
    expect(times(1) / times(2)).toBeCloseTo(2 ** 1.1, 0);
  });

  it('keep the order of new ones whatever share is repeated', () => {
    const fresh = (from: Scenario): string[] =>
      asked(from, 5, 60).flatMap(({ sample, repeats }) => (repeats === null ? sample.id : []));
    const [none, some] = [fresh(scenario()), fresh(repeating)];
    expect(some).toEqual(none.slice(0, some.length));
  });

  it('are the same whatever faults there are', () => {
    const faulty = scenario('faults: [{ inject: stall, chance: 50% }]\n');
    expect(asked(faulty, 3, 30)).toEqual(asked(scenario(), 3, 30));
  });
});

describe('callers who come back in other words', () => {
  const followers = ['a1', 'a2', 'b1'].map((id) => ({ ...sampleOf(id), follows: id.charAt(0) }));
  const all = [...samples, ...followers];

  function asked(repeat: string, calls = 2_000) {
    const questions = new Questions(scenario(`repeat: ${repeat}\n`), all, 1);
    return Array.from({ length: calls }, (_, index) => questions.next(index + 1));
  }

  it('ask only what follows their own question, and only then', () => {
    const list = asked('{ share: 50%, zipf: 0.5, follow: 60% }');
    for (const { sample, follows } of list) {
      expect(follows === null).toBe(sample.follows === undefined);
      if (follows !== null) expect(list[follows - 1]?.sample.id).toBe(sample.follows);
    }
    expect(list.filter(({ follows }) => follows !== null).length).toBeGreaterThan(100);
  });

  it('repeat the words where nothing follows them', () => {
    const list = asked('{ share: 50%, follow: 100% }');
    const again = list.filter(({ repeats }) => repeats !== null);
    expect(again.length).toBeGreaterThan(100);
    for (const { sample } of again) expect(['a', 'b']).not.toContain(sample.id);
  });

  it('are not there without the share: what follows is asked like all else', () => {
    const list = asked('{ share: 0% }', all.length);
    expect(new Set(list.map(({ sample }) => sample.id)).size).toBe(all.length);
  });
});
