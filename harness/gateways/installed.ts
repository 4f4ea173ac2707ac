// Where the gateways are installed, and what of them: `npm run setup:gateways` writes it down last,
// so that an installation that was cut off counts as none.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { InputError } from '../errors.ts';

const stamp = z.object({
  /** Of the files that pin it. */
  pins: z.string(),
  /** Of what a user would name, by package. */
  versions: z.record(z.string(), z.string()),
});

export type InstalledStamp = z.infer<typeof stamp>;

export type Installation = 'python' | 'portkey';

/** The folder of an installation; `root` is the repository's. */
export function installationDir(root: string, installation: Installation): string {
  return join(root, '.gateways', installation);
}

/** Where it is written down what is installed. */
export function stampFile(root: string, installation: Installation): string {
  return join(installationDir(root, installation), 'installed.json');
}

/** Null where it is not installed, or not to its end. */
export function readStamp(root: string, installation: Installation): InstalledStamp | null {
  const file = stampFile(root, installation);
  if (!existsSync(file)) return null;
  try {
    return stamp.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}

export function installedVersion(
  root: string,
  installation: Installation,
  name: string,
): string | null {
  return readStamp(root, installation)?.versions[name] ?? null;
}

/** Throws InputError where there is none. */
export function needInstalled(name: string, version: string | null): string {
  if (version !== null) return version;
  throw new InputError(`${name} is not installed: run npm run setup:gateways`);
}
