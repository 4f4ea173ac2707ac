import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { defaultLimits } from '../../harness/limits.ts';
import { parseScenario, readScenario } from '../../harness/scenario/scenario.ts';

const least = `
name: least
description: as little as there can be
workload: support-desk
arrival: { each: once }
`;

it('fills in everything that is left out', () => {
  expect(parseScenario(least, 'least.yaml')).toEqual({
    name: 'least',
    description: 'as little as there can be',
    workload: 'support-desk',
    arrival: { each: 'once', gap: 1000 },
    floor: 0,
    drain: 1_200_000,
    faults: [],
    caller: [],
    limits: defaultLimits,
    thresholds: [],
  });
});

describe('arrival', () => {
  const arrival = (text: string) =>
    parseScenario(least.replace('{ each: once }', text), 'a.yaml').arrival;

  it('is an open loop, a closed loop or every sample once', () => {
    expect(arrival('{ rate: 30/m, for: 5m }')).toEqual({
      rate: 0.5,
      for: 300_000,
      spread: 'poisson',
    });
    expect(arrival('{ users: 8, for: 1m }')).toEqual({ users: 8, think: 0, for: 60_000 });
    expect(arrival('{ each: once, gap: 2s }')).toEqual({ each: 'once', gap: 2000 });
  });

  it.each([
    [
      '{ rate: 1/s }',
      'a.yaml:5: arrival.for: is missing: write a duration above 0, like 250ms, 8s or 5m',
    ],
    [
      '{ rate: 1/s, for: 0s }',
      'a.yaml:5: arrival.for: expected a duration above 0, like 250ms, 8s or 5m, found "0s"',
    ],
    ['{ users: 0, for: 1m }', 'a.yaml:5: arrival.users: expected a number of at least 1, found 0'],
    ['{ each: once, for: 1m }', 'a.yaml:5: arrival: unknown key "for": write one of each, gap'],
  ])('refuses %s', (text, message) => expect(() => arrival(text)).toThrow(message));
});

it('lets a scenario set each limit and keeps the others', () => {
  const { limits } = parseScenario(
    `${least}limits: { attempts: 2, idle: 1s, refusal: fallback }\n`,
    'a.yaml',
  );
  expect(limits).toEqual({ ...defaultLimits, attempts: 2, idleMs: 1000, refusal: 'fallback' });
});

it.each(['Upper', 'two words', '-x', '', '../up'])('refuses the name %j', (name) => {
  const text = least.replace('name: least', `name: ${JSON.stringify(name)}`);
  expect(() => parseScenario(text, 'a.yaml')).toThrow(
    'a.yaml:2: name: expected a name like primary-outage',
  );
});

describe('the shipped scenarios', () => {
  const folder = new URL('../../scenarios/', import.meta.url);
  const shipped = readdirSync(folder, { recursive: true, encoding: 'utf8' });

  it.each(shipped.filter((name) => name.endsWith('.yaml') && !name.endsWith('unexpressed.yaml')))(
    '%s can be read',
    (name) => {
      const scenario = readScenario(new URL(name, folder).pathname);
      expect(name).toMatch(new RegExp(`(^|/)${scenario.name}\\.yaml$`));
      expect(scenario.thresholds.length).toBeGreaterThan(0);
    },
  );
});
