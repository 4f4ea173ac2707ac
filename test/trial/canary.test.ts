// Canary calls: healthy calls beside faulty ones, which show what a chain's trouble with some calls
// does to all others, and which are in no figure but their own.
import { describe, expect, it } from 'vitest';
import type { Ask, Question } from '../../harness/chains/chain.ts';
import { findWorkload } from '../../harness/project.ts';
import { parseScenario } from '../../harness/scenario/scenario.ts';
import { lostCalls } from '../../harness/trial/lost-calls.ts';
import { trialSeed } from '../../harness/trial/trial-event.ts';
import { root } from '../drills.ts';
import type { TrialSeen } from '../trials.ts';
import { eventsOf, tried } from '../trials.ts';

/** One request, without chance: what one call does changes nothing for another. */
const plain: Ask = async ({ prompt }: Question, signal) => {
  const response = await fetch('https://api.openai.com/v1/chat/completions', {
    method: 'POST',
    headers: { authorization: `Bearer ${process.env.OPENAI_API_KEY}` },
    body: JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: prompt }] }),
    signal: AbortSignal.any([signal, AbortSignal.timeout(20_000)]),
  });
  if (!response.ok) throw new Error(`status ${response.status}`);
  const body = (await response.json()) as { choices: { message: { content: string } }[] };
  return body.choices[0]?.message.content ?? '';
};

const arrival = 'arrival: { rate: 1/s, for: 2m }\n';
const faults = `faults:
  - { inject: stall, at: headers, chance: 30% }
  - { inject: server-error, status: 503, chance: 30% }
caller:
  - { abort: 2s, chance: 20% }
`;
const canary = 'canary: { every: 10s }\n';

interface CanaryFigures {
  calls: number;
  usable: number;
  latency_ms: { p50: number; p95: number };
}

function canaryIn({ figures }: TrialSeen): CanaryFigures {
  return figures.canary as CanaryFigures;
}

function canaries(seen: TrialSeen): number[] {
  return eventsOf(seen, 'call').flatMap(({ call, canary }) => (canary ? [call] : []));
}

describe('canary calls', () => {
  it('come every so often as long as others do, and no fault and no caller touches them', async () => {
    const seen = await tried({ chain: plain, scenario: arrival + faults + canary });
    const own = new Set(canaries(seen));
    const due = eventsOf(seen, 'call').flatMap((call) => (call.canary ? [call.due] : []));
    expect(due).toEqual(Array.from({ length: 11 }, (_, i) => (i + 1) * 10_000));
    for (const call of own) {
      const record = seen.calls.get(call);
      expect(record?.outcome).toBe('complete');
      expect(record?.attempts.flatMap(({ effects }) => effects)).toEqual([]);
    }
    expect(eventsOf(seen, 'effect').length).toBeGreaterThan(20);
    expect(eventsOf(seen, 'caller').filter(({ call }) => own.has(call))).toEqual([]);
    expect(eventsOf(seen, 'caller').length).toBeGreaterThan(5);
    expect(eventsOf(seen, 'close')[0]?.calls).toBe(eventsOf(seen, 'call').length);
  });

  it('change no other call and no other figure of a chain whose calls are independent', async () => {
    const without = await tried({ chain: plain, scenario: arrival + faults });
    const beside = await tried({ chain: plain, scenario: arrival + faults + canary });
    const ordinary = eventsOf(beside, 'call').filter(({ canary }) => !canary);
    expect(ordinary).toEqual(eventsOf(without, 'call'));
    expect(without.figures).not.toHaveProperty('canary');
    const { canary: own, ...figures } = beside.figures;
    expect(figures).toEqual(without.figures);
    expect(own).toMatchObject({ calls: 11, usable: 11, availability: 1 });
  });

  it('come beside the users of a closed loop, and where each question comes once', async () => {
    const loop = 'arrival: { users: 2, think: 1s, for: 35s }\n';
    const seen = await tried({ chain: plain, scenario: loop + canary });
    expect(canaryIn(seen).calls).toBe(3);
    const once = await tried({ chain: plain, scenario: `arrival: { each: once }\n${canary}` });
    const last = eventsOf(once, 'call').findLast((call) => !call.canary)?.due ?? 0;
    expect(canaryIn(once).calls).toBe(Math.floor(last / 10_000));
  });

  it('keep their latency beside stalled calls, unless the chain makes them wait', async () => {
    const stalled = `${arrival}faults:\n  - { inject: stall, at: headers }\n${canary}`;
    const free = await tried({ chain: plain, scenario: stalled });
    expect(free.figures.availability).toBe(0);
    expect(canaryIn(free)).toMatchObject({ calls: 11, usable: 11 });
    // The same chain behind one lane: nobody is asked before all others are done.
    let lane: Promise<unknown> = Promise.resolve();
    const queued: Ask = (question, signal) => {
      const turn = lane.then(() => plain(question, signal));
      lane = turn.then(
        () => {},
        () => {},
      );
      return turn;
    };
    const held = await tried({ chain: queued, scenario: `drain: 2h\n${stalled}` });
    expect(canaryIn(free).latency_ms.p95).toBeLessThan(5_000);
    expect(canaryIn(held).latency_ms.p50).toBeGreaterThan(60_000);
  });

  it('that never end have no latency, and the reason is that they hung', async () => {
    const seen = await tried({ chain: () => new Promise(() => {}), scenario: arrival + canary });
    expect(seen.figures).toMatchObject({
      canary: { calls: 11, usable: 0, availability: 0, latency_ms: { p50: null, p95: null } },
      reasons: { 'canary.latency_ms.p95': 'hung' },
    });
  });

  it('are asked from a lane of a queue under their own tickets', async () => {
    // Requests are made from the context of whoever asked first.
    const waiting: (() => void)[] = [];
    let running = false;
    const loop = async (): Promise<void> => {
      if (running) return;
      running = true;
      for (let next = waiting.shift(); next; next = waiting.shift()) next();
      running = false;
    };
    const batched: Ask = (question, signal) =>
      new Promise((resolve, reject) => {
        waiting.push(() => {
          Promise.resolve(plain(question, signal)).then(resolve, reject);
        });
        if (waiting.length >= 3) loop();
      });
    const scenario = 'arrival: { rate: 1/s, for: 1m, spread: even }\ncanary: { every: 5s }\n';
    const seen = await tried({ chain: batched, scenario });
    const asked = new Map(eventsOf(seen, 'attempt').map(({ call }) => [call, true]));
    for (const call of canaries(seen).slice(0, -1)) expect(asked.has(call)).toBe(true);
    expect(eventsOf(seen, 'attempt').every(({ call }) => call !== null)).toBe(true);
  });
});

describe('the calls that a chain that spins has lost', () => {
  it.each([
    'arrival: { rate: 1/s, for: 1m }\n',
    'arrival: { burst: 5, every: 20s, for: 1m, within: 2s }\n',
    'arrival: { each: once }\n',
  ])('are those that it would have been asked, canaries among them (%s)', async (some) => {
    const seen = await tried({ chain: plain, scenario: `${some}${canary}` });
    const calls = eventsOf(seen, 'call');
    const head = 'name: x\ndescription: x\nworkload: support-desk\n';
    const { samples } = findWorkload('support-desk', root);
    const of = {
      scenario: parseScenario(`${head}${some}${canary}`, 'x.yaml'),
      samples,
      seed: trialSeed(1, 'x', 1),
    };
    const announce = ({ call }: { call: number }) =>
      calls.find((one) => one.call === call)?.healthy ?? null;
    const byCall = (list: typeof calls) => list.toSorted((a, b) => a.call - b.call);
    expect(byCall([...lostCalls(of, { calls: 0, canaries: 0 }, announce)])).toEqual(byCall(calls));
    const left = calls.filter(({ call, canary }) => (canary ? call > 10_000_001 : call > 4));
    const lost = [...lostCalls(of, { calls: 4, canaries: 1 }, announce)];
    expect(byCall(lost)).toEqual(byCall(left));
    const dues = lost.map(({ due }) => due);
    expect(dues).toEqual(dues.toSorted((a, b) => a - b));
  });
});
