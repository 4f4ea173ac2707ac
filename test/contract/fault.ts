// What every fault owes: a pure decision. The same seed gives the same effect, nothing that it is
// given is changed, the effect is data, and its example is a rule that users can copy.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Effect } from '../../harness/faults/effect.ts';
import { effectKinds } from '../../harness/faults/effect.ts';
import type { AnyFault, AttemptView } from '../../harness/faults/fault.ts';
import { stream } from '../../harness/rng.ts';
import type { Rule } from '../../harness/scenario/rule.ts';
import { rule } from '../../harness/scenario/rule.ts';
import { plainTraits } from '../../harness/trial/twin.ts';
import { createSchedule } from '../../harness/upstream/schedule.ts';
import { wireNames } from '../../harness/wires/wire-name.ts';

const attempt = fc.record<AttemptView>({
  provider: fc.constantFrom('openai', 'anthropic', 'elsewhere'),
  model: fc.string({ minLength: 1, maxLength: 20 }),
  region: fc.option(fc.constantFrom('us', 'eu')),
  wire: fc.constantFrom(...wireNames),
  stream: fc.boolean(),
  call: fc.integer({ min: 1, max: 1e6 }),
  attempt: fc.integer({ min: 1, max: 99 }),
  key: fc.option(fc.constantFrom('sk-a', 'sk-b')),
  foreignKey: fc.boolean(),
  now: fc.nat(3_600_000),
  asks: fc.constant(() => plainTraits),
});

/** `settings`: rules that show what the fault can do, beside its example. */
export function faultContract(fault: AnyFault, settings: readonly string[] = []): void {
  describe(`the fault ${fault.kind}`, () => {
    it('has an example that is a rule, and one line that says what it is', () => {
      expect(read(fault.example).fault).toBe(fault.kind);
      expect(fault.example).toMatch(/^\{ inject: [^\n]+ \}$/);
      expect(fault.describe).toMatch(/^[^\n]{5,90}$/);
    });

    it('refuses a key that it does not know', () => {
      const given = { ...parse(fault.example), severity: 3 };
      expect(rule.safeParse(given).error?.issues[0]?.message).toMatch(/unknown key "severity"/);
    });

    it.each([fault.example, ...settings])('%s decides alike for the same seed', (text) => {
      const { arm } = read(text);
      fc.assert(
        fc.property(attempt, fc.integer(), (view, seed) => {
          expect(arm()(view, stream(seed))).toEqual(arm()(view, stream(seed)));
          expect(read(text).arm()(view, stream(seed))).toEqual(arm()(view, stream(seed)));
        }),
        { numRuns: 50 },
      );
    });

    it.each([fault.example, ...settings])('%s gives an effect that is data', (text) => {
      const decide = read(text).arm();
      fc.assert(
        fc.property(attempt, fc.integer(), (view, seed) => {
          const effect = decide(frozen(view), stream(seed));
          expect(JSON.parse(JSON.stringify(effect))).toEqual(effect);
          if (effect) expect(effectKinds).toContain(effect.kind);
        }),
        { numRuns: 50 },
      );
    });

    it('never comes at chance 0, and leaves its settings as they were', () => {
      const never = read(fault.example, { chance: 0 });
      const always = read(fault.example, { chance: 1, from: '0s', to: '1h' });
      const schedule = createSchedule([never], 1);
      let first: Effect | undefined;
      fc.assert(
        fc.property(attempt, (view) => {
          const occasion = { ...view, now: 1000 };
          expect(schedule.decide(occasion)).toEqual([]);
          // What a fault keeps from one attempt to the next begins anew with each trial.
          const own = createSchedule([always], 1);
          const [one] = own.decide({ ...occasion, provider: 'openai', stream: true });
          first ??= one?.effect;
          expect(one?.effect).toEqual(first);
        }),
        { numRuns: 50 },
      );
    });
  });
}

function read(text: string, more: object = {}): Rule {
  return rule.parse({ ...parse(text), ...more });
}

function frozen(view: AttemptView): AttemptView {
  return Object.freeze({ ...view });
}
