import { z } from 'zod';
import { someTime } from '../scenario/units.ts';
import type { Effect } from './effect.ts';
import type { Fault } from './fault.ts';
import { hintKeys, hintOf } from './hint.ts';
import { limitScope, scopeOf } from './limit-scope.ts';

const settings = z.strictObject({
  growth: z
    .number()
    .min(1)
    .default(2)
    .describe('How many times as many requests as in the window before.'),
  window: someTime.default(10_000).describe('How long a window is, like 10s.'),
  floor: z
    .number()
    .int()
    .min(1)
    .default(5)
    .describe('So many requests in a window are always let through.'),
  scope: limitScope,
  ...hintKeys,
});

type Settings = z.infer<typeof settings>;

/** When requests were let through, in the last two windows, by what shares the limit. */
type State = Map<string, number[]>;

/** A limit on how fast the load grows, whatever its height: only those let through count. */
export const burstLimit: Fault<Settings, State> = {
  kind: 'burst-limit',
  describe: '429 when requests grow too fast from one window of time to the next',
  example: '{ inject: burst-limit, growth: 2, window: 10s, floor: 5, retryAfter: 5s }',
  settings,
  start: () => new Map(),
  decide(given, attempt, _rng, state): Effect | null {
    const { now } = attempt;
    const scope = scopeOf(given.scope, attempt);
    const times = (state.get(scope) ?? []).filter((at) => at > now - 2 * given.window);
    state.set(scope, times);
    const last = times.filter((at) => at > now - given.window).length;
    const most = Math.max(given.floor, given.growth * (times.length - last));
    if (last + 1 > most) {
      return { kind: 'reject', rejection: { reason: 'rate-limit', ramp: true, ...hintOf(given) } };
    }
    times.push(now);
    return null;
  },
};
