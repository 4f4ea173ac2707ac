// The expectations for every test runner: each throws an AssertionError where it is not met.
import { AssertionError } from 'node:assert';
import type { Drilled } from './drilled.ts';
import { expectations } from './expectations.ts';

type Expectations = typeof expectations;

/** The words behind the drill that an expectation takes. */
export type WordsOf<Name extends keyof Expectations> = Expectations[Name] extends (
  drilled: Drilled,
  ...words: infer Words
) => unknown
  ? Words
  : never;

export type DrillAssertions = {
  [Name in keyof Expectations]: (...words: WordsOf<Name>) => void;
};

/**
 * What may be expected of a drill: `assertDrill(await drill(...)).toSurvive()`. Each throws an
 * AssertionError with the timeline of the call that shows why.
 */
export function assertDrill(drilled: Drilled): DrillAssertions {
  const asserting = (name: keyof Expectations): ((...words: never[]) => void) => {
    const assertion = (...words: never[]): void => {
      const expectation = expectations[name] as (
        of: Drilled,
        ...words: never[]
      ) => {
        held: boolean;
        told: string;
      };
      const { held, told } = expectation(drilled, ...words);
      if (!held) {
        throw new AssertionError({ message: told, operator: name, stackStartFn: assertion });
      }
    };
    return assertion;
  };
  const names = Object.keys(expectations) as (keyof Expectations)[];
  return Object.fromEntries(names.map((name) => [name, asserting(name)])) as DrillAssertions;
}
