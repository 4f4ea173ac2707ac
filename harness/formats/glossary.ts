// The words of a report, for people who read one for the first time (DESIGN section 10 defines
// them).

/** In the order in which a reader meets them. */
export const glossary: readonly [word: string, meaning: string][] = [
  ['call', 'one question put to the chain, as a user would'],
  ['attempt', 'one HTTP exchange with a provider; a call can take several'],
  ['target', 'a provider and a model; the first of the chain is the primary'],
  ['availability', 'calls that got a whole answer, fresh or from a cache, out of all calls'],
  [
    'p95',
    'nineteen of twenty calls were over sooner, from the moment they were due to the last ' +
      'character or the error; hung means that it falls on a call that never ended',
  ],
  ['hung', 'still without an outcome long after the last call was due'],
  [
    'fallback rate',
    'answers that came from another target than the primary, out of all answers of targets',
  ],
  [
    'quality drop',
    'how much lower the answers that users took for good scored than what a healthy primary ' +
      'would have said to the same questions; 5% is 0.05 on a scale from 0 to 1. In brackets the ' +
      '95% interval over samples',
  ],
  [
    'mde',
    'minimum detectable drop: the smallest true drop that as many samples would show in four of ' +
      'five trials. A drop below it may be there and not be seen',
  ],
  [
    'judged',
    'scored by a model that was given the answer and a rubric; authored verdicts were written for ' +
      'the product, no model gave them. What the judge gave no verdict on is not scored',
  ],
  ['polite reply', "the application's own words in place of an answer"],
  ['cut answers shown as whole', 'the connection broke, and the chain passed on what it had'],
  ['two answers glued together', 'the beginning of one answer stands before another answer'],
  ['internals inside the answer', 'users can read an error or a piece of the protocol'],
  ['goodput', "whole, within the scenario's deadline, and good enough: the number to rank by"],
  ['untested', 'no request met a fault of the scenario: its thresholds held on an ordinary day'],
  ['threshold', "the scenario's bar for a figure; a figure without a value breaches it"],
  ['invariant', 'a rule that every good chain keeps, in every scenario'],
  ['virtual time', 'the clock was simulated; waits cost no real time, and runs repeat exactly'],
];
