// What a person is told of a chain that would have ended its process, whatever the thresholds say.
import { clockText } from '../formats/figure-text.ts';
import type { Report } from '../report.ts';

/** One line for each scenario in which the chain threw where nothing catches it. */
export function crashWarnings(report: Report): string[] {
  return report.scenarios.flatMap(({ scenario, crashes }) => {
    const { count, first } = crashes;
    if (!first) return [];
    const times = count === 1 ? 'once' : `${count} times`;
    return [
      `warning: ${scenario}: the chain threw ${times} where nothing catches it, first in trial ${first.trial} at ${clockText(first.at_ms)}: ${first.error}; in production each ends the process and every call in flight`,
    ];
  });
}
