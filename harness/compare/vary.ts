// A grid over settings of a chain: `retry.max=0,1,2 attempt.timeout=3s,5s`.
import { parse } from 'yaml';
import { InputError } from '../errors.ts';
import type { ChainValue, Variant } from './candidate.ts';
import { refuseMany } from './candidate.ts';

interface Axis {
  path: string[];
  values: unknown[];
}

/** Every combination. Throws InputError where a word is no `path=value,value`. */
export function varied(value: ChainValue, words: readonly string[], shown: string): Variant[] {
  const axes = words.map(axisOf);
  for (const [at, { path }] of axes.entries()) {
    const name = path.join('.');
    if (axes.findIndex((other) => other.path.join('.') === name) < at) {
      throw new InputError(`--vary ${name}: is there twice: write all its values once`);
    }
  }
  refuseMany(
    axes.reduce((count, { values }) => count * values.length, 1),
    'write fewer values',
  );
  return axes
    .reduce<{ path: string[]; value: unknown }[][]>(
      (points, { path, values }) =>
        points.flatMap((point) => values.map((each) => [...point, { path, value: each }])),
      [[]],
    )
    .map((point): Variant => {
      const name = point.map(({ path, value }) => `${path.join('.')}=${text(value)}`).join(' ');
      const changed = structuredClone(value);
      for (const { path, value } of point) set(changed, path, value, shown);
      return { name, value: changed, words: `--vary ${name}` };
    });
}

function axisOf(word: string): Axis {
  const [, path = '', list = ''] = /^([\w.-]+)=(.+)$/s.exec(word) ?? [];
  const values = list === '' ? null : listOf(list);
  if (values === null || values.length === 0 || path.split('.').includes('')) {
    throw new InputError(
      `--vary ${word}: expected a setting and its values, like retry.max=0,1,2; scenarios stand before --vary`,
    );
  }
  return { path: path.split('.'), values };
}

/** As YAML reads them; null where it cannot. */
function listOf(list: string): unknown[] | null {
  try {
    const read: unknown = parse(`[${list}]`);
    return Array.isArray(read) ? read : null;
  } catch {
    return null;
  }
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** In place; null takes the key out, as if the file did not have it. */
function set(value: ChainValue, path: readonly string[], to: unknown, shown: string): void {
  let place: unknown = value;
  for (const step of path.slice(0, -1)) {
    const holder = place as Record<string, unknown>;
    holder[step] ??= {};
    place = holder[step];
    if (typeof place === 'object' && place !== null) continue;
    const why = `${step} is ${text(place)}, there is nothing inside of it`;
    throw new InputError(`--vary ${path.join('.')}: ${why}`, { file: shown });
  }
  const holder = place as Record<string, unknown>;
  const last = path.at(-1) ?? '';
  if (to === null) delete holder[last];
  else holder[last] = to;
}
