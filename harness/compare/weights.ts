// How often each failure happens, beside the others: by these a chain's scenarios become one
// figure.
import { resolve } from 'node:path';
import { z } from 'zod';
import { InputError } from '../errors.ts';
import { packageRoot } from '../project.ts';
import { unknownWord } from '../scenario/nearest.ts';
import { parseYaml, placeIn, readText } from '../scenario/yaml-file.ts';

const weight = z.number().min(0, { message: 'expected a weight from 0' });

export const weightsSchema = z.strictObject({
  source: z.string().min(1).describe('Where the weights come from; reports quote it.'),
  otherwise: weight.default(1).describe('The weight of each scenario that is not listed.'),
  weights: z
    .record(z.string(), weight)
    .describe('By scenario: how often it happens beside the others. Only ratios count.'),
});

export interface Weights {
  source: string;
  /** By scenario; they add up to 1. */
  shares: Map<string, number>;
}

export const shippedWeights = resolve(packageRoot, 'fixtures/weights.yaml');

/**
 * Of the scenarios that are drilled. `known`: all that there are, for slips of the pen. Throws
 * InputError.
 */
export function readWeights(
  file: string,
  shown: string,
  drilled: readonly string[],
  known: readonly string[],
): Weights {
  const text = readText(file, shown);
  const { source, otherwise, weights } = parseYaml(text, shown, weightsSchema);
  const names = [...new Set([...drilled, ...known])].sort();
  for (const name of Object.keys(weights)) {
    if (names.includes(name)) continue;
    const place = placeIn(text, shown, ['weights', name]);
    throw new InputError(unknownWord('scenario', name, names), place);
  }
  const of = (name: string): number =>
    Object.hasOwn(weights, name) ? (weights[name] ?? 0) : otherwise;
  const all = drilled.reduce((sum, name) => sum + of(name), 0);
  if (all === 0) {
    throw new InputError('gives every scenario that is drilled the weight 0: write one above it', {
      file: shown,
    });
  }
  return { source, shares: new Map(drilled.map((name) => [name, of(name) / all])) };
}
