// Both installations: each is begun anew where its pins have changed or it never came to its end.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Installation } from '../../harness/gateways/installed.ts';
import { installationDir, readStamp, stampFile } from '../../harness/gateways/installed.ts';
import { installPortkey, portkeyPins } from './portkey.ts';
import { installPython, pythonPins } from './python.ts';

interface Kit {
  what: string;
  /** The files that pin it, in `gateways/`. */
  pins: string[];
  /** Leaves it in `dir`; the versions of what it is for, by package. */
  install(pinned: string, dir: string): Record<string, string>;
}

const kits: Record<Installation, Kit> = {
  python: {
    what: 'LiteLLM and the Python SDKs',
    pins: pythonPins,
    install: installPython,
  },
  portkey: { what: 'Portkey', pins: portkeyPins, install: installPortkey },
};

/** One line for each, saying what is there now. `root` is the repository's. Throws InputError. */
export function setUp(root: string, say: (doing: string) => void): string[] {
  return Object.entries(kits).map(([name, kit]) => settled(root, name as Installation, kit, say));
}

function settled(
  root: string,
  installation: Installation,
  { what, pins, install }: Kit,
  say: (doing: string) => void,
): string {
  const pinned = join(root, 'gateways', installation);
  const hash = createHash('sha256');
  for (const file of pins) hash.update(readFileSync(join(pinned, file)));
  const wanted = hash.digest('hex');
  const there = readStamp(root, installation);
  if (there?.pins === wanted) return `${what}: ${listed(there.versions)}, as pinned`;
  say(`${what}: installing ...`);
  const dir = installationDir(root, installation);
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir, { recursive: true });
  const versions = install(pinned, dir);
  const stamp = { pins: wanted, versions };
  writeFileSync(stampFile(root, installation), `${JSON.stringify(stamp, null, 2)}\n`);
  return `${what}: ${listed(versions)}, installed`;
}

function listed(versions: Record<string, string>): string {
  return Object.entries(versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(', ');
}
