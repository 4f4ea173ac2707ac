// What the reference chain tells of its fallbacks, beside what crossed the wire: every failover is
// one event, and every event one failover, whatever fails and however many calls run at once.
import { describe, expect, it } from 'vitest';
import type { Chain } from '../../harness/chains/chain.ts';
import type { ChainEvent } from '../../harness/chains/chain-event.ts';
import { factsOf } from '../../harness/chains/chain-facts.ts';
import { createTargets } from '../../harness/chains/create-targets.ts';
import { createEmbedder } from '../../harness/chains/embedder.ts';
import { referenceChain } from '../../harness/chains/reference.ts';
import { readReferenceSettings } from '../../harness/chains/reference-config.ts';
import type { CallRecord } from '../../harness/outcome/call-record.ts';
import { drillVariables } from '../../harness/trial/drill-keys.ts';
import { root } from '../drills.ts';
import type { TrialSeen } from '../trials.ts';
import { tried } from '../trials.ts';

const file = `${root}/fixtures/chains/full.yaml`;

/** The full chain, with all that it tells. */
function telling(): { chain: Chain; events: ChainEvent[] } {
  const settings = readReferenceSettings(file);
  const events: ChainEvent[] = [];
  const factory: Chain['factory'] = () => {
    const semantic = settings.cache?.semantic;
    const embedder = semantic ? createEmbedder(semantic) : null;
    const onEvent = (event: ChainEvent): void => void events.push(event);
    return referenceChain(settings, createTargets(settings), Math.random, { onEvent, embedder });
  };
  const { name, degrade } = settings;
  return { chain: { ...factsOf(settings), name, factory, degradeText: degrade }, events };
}

/** "call: from -> to" for each attempt on another target than the failed one before it. */
function failoversIn({ attempts, call }: CallRecord): string[] {
  const texts = attempts.filter(({ start }) => !start.vectors);
  return texts.flatMap(({ start, target }, index) => {
    const before = texts[index - 1];
    if (!before) return [];
    const { model, key, region } = before.start;
    const isSame = model === start.model && key === start.key && region === start.region;
    return isSame ? [] : [`${call.call}: ${before.target} -> ${target}`];
  });
}

const sorted = (numbers: readonly number[]): number[] => [...numbers].sort((a, b) => a - b);

const plain = (label: string | null): string => label?.replace(/ #\d+$/, '') ?? '';

function told(events: readonly ChainEvent[]): string[] {
  const fallbacks = events.filter(({ kind }) => kind === 'fallback');
  return fallbacks.map(({ call, from, to }) => `${call}: ${plain(from)} -> ${plain(to)}`).sort();
}

function onTheWire({ calls }: TrialSeen): string[] {
  return [...calls.values()].flatMap(failoversIn).sort();
}

const scenarios: Record<string, string> = {
  'an outage': `faults: [{ inject: server-error, status: 503, on: { provider: openai }, from: 20s }]`,
  'a silence': `faults: [{ inject: stall, at: headers, on: { provider: openai }, from: 20s }]`,
  'random failures of everybody': `faults: [{ inject: server-error, status: 500, chance: 50% }]`,
  'limits on keys':
    'faults: [{ inject: token-bucket, requests: 12/m, burst: 2, scope: key, on: { provider: openai } }]',
  'errors in streams': `faults: [{ inject: error-event, at: event 1, chance: 60% }]`,
  'callers who leave':
    'caller: [{ abort: 300ms, chance: 40% }]\n' +
    'faults: [{ inject: server-error, status: 503, on: { provider: openai } }]',
  'a total outage': `faults: [{ inject: server-error, status: 503, from: 20s }]`,
};

Object.assign(process.env, drillVariables({}));

describe.each(Object.entries(scenarios))('the events in %s', (_, faults) => {
  it.each([1, 2])(
    'are the failovers on the wire, none missing and none more, seed %i',
    async (seed) => {
      const { chain, events } = telling();
      const scenario = `arrival: { rate: 2/s, for: 60s }\n${faults}`;
      const seen = await tried({ scenario, chain, seed });
      expect(onTheWire(seen).length).toBeGreaterThan(3);
      expect(told(events)).toEqual(onTheWire(seen));
    },
  );
});

it('every call begins with an event and ends with one', async () => {
  const { chain, events } = telling();
  const scenario = `arrival: { rate: 2/s, for: 60s }\n${scenarios['random failures of everybody']}`;
  const seen = await tried({ scenario, chain });
  const first = events.filter(({ kind }) => kind === 'call').map(({ call }) => call);
  const last = events.filter(({ kind }) => ['hit', 'answered', 'degrade', 'failed'].includes(kind));
  expect(first).toEqual(sorted([...seen.calls.keys()]));
  expect(sorted(last.map(({ call }) => call))).toEqual(first);
  const polite = [...seen.calls.values()].filter(({ outcome }) => outcome === 'degraded');
  expect(last.filter(({ kind }) => kind === 'degrade')).toHaveLength(polite.length);
});

it('an attempt is told for every one on the wire, vectors aside', async () => {
  const { chain, events } = telling();
  const scenario = [
    'arrival: { rate: 2/s, for: 90s }',
    'repeat: { share: 70%, zipf: 0.5, follow: 70% }',
    'faults:',
    '  - { inject: server-error, on: { wire: openai-chat }, from: 45s }',
    // Vectors are asked for where nobody else has answered.
    '  - { inject: server-error, on: { wire: anthropic-messages }, from: 45s }',
  ].join('\n');
  const seen = await tried({ scenario, chain, workload: 'support-again' });
  const attempts = [...seen.calls.values()].flatMap((call) => call.attempts);
  const vectors = attempts.filter(({ start }) => start.vectors);
  expect(vectors.length).toBeGreaterThan(3);
  const begun = events.filter(({ kind }) => kind === 'attempt');
  expect(begun).toHaveLength(attempts.length - vectors.length);
  const hits = events.filter(({ kind }) => kind === 'hit');
  const cached = [...seen.calls.values()].filter(({ outcome }) => outcome === 'cached');
  expect(sorted(hits.map(({ call }) => call))).toEqual(sorted(cached.map(({ call }) => call.call)));
  expect(new Set(hits.map(({ reason }) => reason))).toEqual(new Set(['exact', 'semantic']));
});
