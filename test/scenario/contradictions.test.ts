// Scenarios whose parts do not fit together are told so where they are read.
import { expect, it } from 'vitest';
import { parseScenario } from '../../harness/scenario/scenario.ts';

const least = `name: least
description: as little as there can be
workload: support-desk
`;
const once = `${least}arrival: { each: once }\n`;

it.each([
  [`${once}thresholds: { outcomes.truncatd: "== 0" }`, /did you mean outcomes\.truncated\?/],
  [`${once}thresholds: { served_by.: "<= 10%" }`, /unknown report field "served_by\."/],
  [`${once}thresholds: { conduct.fail: "== 0" }`, /write expect: \{ caller: answer \}/],
  [`${once}thresholds: { canary.availability: ">= 1%" }`, /write canary/],
  [`${once}expect: { attempts: 2, primary: 3 }`, /is more than `attempts` allows/],
  [`${once}expect: { primary: 1, retry: true }`, /wants a second attempt/],
  [`${once}expect: { caller: clean-error, retry: true }`, /is for `caller: answer`/],
  [`${once}about: { exercises: [I99] }`, /expected I01 to I28/],
  [
    `${once}faults: [{ inject: guard, parameters: [top_p], requires: [top_p] }]`,
    /requires: names what `parameters` refuses/,
  ],
  [
    `${once}faults: [{ inject: stall, at: marker, lasting: 2s, keepalive: { every: 5s } }]`,
    /keepalive: is never sent: `every` is longer than `lasting`/,
  ],
  [`${least}arrival: {}`, /arrival: expected how calls arrive, like \{ rate: 1\/s/],
  [`${once}faults: [{ inject: status }]`, /status: is missing: write a status from 400 to 599/],
  [`${least}arrival: { users: 1000000000, for: 1m }`, /100000/],
  [`${least}arrival: { burst: 1000000000000, every: 1m, for: 1m }`, /100000/],
])('%s is refused', (text, message) => {
  expect(() => parseScenario(text, 'a.yaml')).toThrow(message);
});

it.each(['answer', 'clean-error'])('%s may be all that is expected', (caller) => {
  const text = `${once}expect: { caller: ${caller} }\nthresholds: { conduct.fail: "== 0" }`;
  expect(parseScenario(text, 'a.yaml').expect).toEqual({ caller, retry: false });
});
