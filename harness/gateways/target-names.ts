// What gateways need to know of targets: a name of its own for each, where it is, and its key. A
// leaf.
import type { TargetSettings } from '../chains/settings.ts';
import { InputError } from '../errors.ts';

/** The model, and where another target has the same one, its region or number behind it. */
export function targetNames(targets: TargetSettings[]): string[] {
  const names: string[] = [];
  for (const { model, region } of targets) {
    const regional = region === null ? model : `${model}-${region}`;
    const free = [model, regional].find((name) => !names.includes(name));
    names.push(free ?? `${model}-${names.length + 1}`);
  }
  return names;
}

/** The URL of a target, with the loopback server in the place of its host. */
export function loopbackURL({ baseURL }: TargetSettings, origin: (host: string) => string): string {
  const { host, pathname } = new URL(baseURL);
  return `${origin(host)}${pathname}`.replace(/\/$/, '');
}

/** The keys that the targets name, and no others. Throws InputError for one that is not there. */
export function keysOf(
  targets: TargetSettings[],
  keys: Record<string, string>,
): Record<string, string> {
  const wanted = targets.map(({ keyVariable, name }) => {
    const key = keys[keyVariable];
    if (key === undefined) throw new InputError(`${name} needs a key: there is no ${keyVariable}`);
    return [keyVariable, key] as const;
  });
  return Object.fromEntries(wanted);
}
