// The systems of a scorecard: the reference chain, the libraries, the gateways.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { adapters } from '../adapters/index.ts';
import type { ReferenceSettings } from '../chains/settings.ts';
import { InputError } from '../errors.ts';
import { gateways } from '../gateways/index.ts';
import { packageRoot } from '../project.ts';
import { unknownWord } from '../scenario/nearest.ts';
import { version } from '../version.ts';
import type { ScorecardSystem } from './scorecard-report.ts';

export interface System extends Omit<ScorecardSystem, 'error'> {
  /** What `--through` is given; undefined: the reference chain. */
  through: string | undefined;
  /** How to get it where it is not installed; null: it is. */
  missing: string | null;
}

export const referenceName = 'reference';

/** Every system there is, or those of the names. Throws InputError for a name that there is not. */
export function systemsOf(settings: ReferenceSettings, names: readonly string[]): System[] {
  const all = allSystems(settings);
  const known = all.map(({ name }) => name);
  for (const name of names) {
    if (known.includes(name)) continue;
    throw new InputError(`--systems: ${unknownWord('system', name, known)}`);
  }
  return names.length === 0 ? all : all.filter(({ name }) => names.includes(name));
}

function allSystems(settings: ReferenceSettings): System[] {
  return [
    {
      name: referenceName,
      describe: 'the reference chain of firedrill',
      through: undefined,
      clock: 'virtual',
      versions: { firedrill: version },
      configuration: null,
      not_said: [],
      missing: null,
    },
    ...Object.values(adapters).map((one): System => {
      const versions = versionsOf(one.packages);
      return {
        name: one.name,
        describe: one.describe,
        through: one.name,
        clock: 'virtual',
        versions: versions ?? {},
        configuration: null,
        not_said: one.notSaid(settings),
        missing: versions ? null : `npm i -D ${one.packages.join(' ')}`,
      };
    }),
    ...Object.values(gateways).map((one): System => {
      const installed = one.installed(packageRoot);
      const { configuration, notSaid } = one.translate({
        settings,
        origin: (host) => `http://127.0.0.1:PORT/${host}`,
      });
      return {
        name: one.name,
        describe: one.describe,
        through: one.name,
        clock: 'real',
        versions: installed === null ? {} : { [one.name]: installed },
        configuration,
        not_said: notSaid,
        missing: installed === null ? 'npm run setup:gateways' : null,
      };
    }),
  ];
}

/** Installed versions of `name@major` packages; null where one is not there. */
function versionsOf(packages: readonly string[]): Record<string, string> | null {
  const found = packages.map((one) => {
    const name = one.slice(0, one.lastIndexOf('@'));
    return [name, packageVersion(name, packageRoot)] as const;
  });
  if (found.some(([, installed]) => installed === null)) return null;
  return Object.fromEntries(found.map(([name, installed]) => [name, installed ?? '']));
}

/** As Node looks for packages: in this folder's node_modules, then in those above. */
function packageVersion(name: string, from: string): string | null {
  try {
    const text = readFileSync(join(from, 'node_modules', name, 'package.json'), 'utf8');
    return String(JSON.parse(text).version);
  } catch {
    const above = dirname(from);
    return above === from ? null : packageVersion(name, above);
  }
}
