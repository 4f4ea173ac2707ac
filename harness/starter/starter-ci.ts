// The CI file that `init --ci github` writes, with the commands of the package manager in use.
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { packageRoot } from '../project.ts';

interface Manager {
  install: string;
  firedrill: string;
}

/** By the lock file that each leaves in a project. */
const managers: readonly [lock: string, manager: Manager][] = [
  ['package-lock.json', { install: 'npm ci', firedrill: 'npx firedrill' }],
  [
    'pnpm-lock.yaml',
    {
      install: 'corepack enable && pnpm install --frozen-lockfile',
      firedrill: 'pnpm exec firedrill',
    },
  ],
  [
    'yarn.lock',
    { install: 'corepack enable && yarn install --frozen-lockfile', firedrill: 'yarn firedrill' },
  ],
];
const withoutLock: Manager = { install: 'npm install', firedrill: 'npx firedrill' };

export const githubFile = '.github/workflows/firedrill.yml';

/** `chain`: as a command line names it. */
export function githubText(cwd: string, chain: string): string {
  const found = managers.find(([lock]) => existsSync(resolve(cwd, lock)));
  const { install, firedrill } = found?.[1] ?? withoutLock;
  const template = readFileSync(resolve(packageRoot, 'fixtures/starter/github.yml'), 'utf8');
  return template
    .replaceAll('{{install}}', () => install)
    .replaceAll('{{firedrill}}', () => firedrill)
    .replaceAll('{{chain}}', () => chain);
}

/** Whether package.json names firedrill, so that CI gets the version that is meant. */
export function dependsOnFiredrill(cwd: string): boolean {
  const file = resolve(cwd, 'package.json');
  return existsSync(file) && /"firedrill"\s*:/.test(readFileSync(file, 'utf8'));
}
