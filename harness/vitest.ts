// `import 'firedrill/vitest'`: the expectations as matchers of vitest, with its types.
import { expect } from 'vitest';
import type { DrillAssertions } from './testing/assert-drill.ts';
import { Drilled } from './testing/drilled.ts';
import { expectations } from './testing/expectations.ts';

declare module 'vitest' {
  interface Matchers<R extends void | Promise<void> = void | Promise<void>, T = unknown>
    extends DrillAssertions {}
}

type Expectation = (drilled: Drilled, ...words: unknown[]) => { held: boolean; told: string };

const matchers = Object.entries(expectations).map(([name, expectation]) => [
  name,
  (received: unknown, ...words: unknown[]) => {
    if (!(received instanceof Drilled)) {
      throw new TypeError(
        `${name} is for what drill() resolves to: write expect(await drill(...))`,
      );
    }
    const { held, told } = (expectation as Expectation)(received, ...words);
    return { pass: held, message: () => told };
  },
]);

expect.extend(Object.fromEntries(matchers));
