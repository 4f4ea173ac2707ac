import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { dependsOnFiredrill, githubText } from '../../harness/starter/starter-ci.ts';
import { folderWith } from '../cli.ts';

describe('the CI file', () => {
  it.each([
    ['package-lock.json', 'npm ci', 'npx firedrill run'],
    ['pnpm-lock.yaml', 'pnpm install --frozen-lockfile', 'pnpm exec firedrill run'],
    ['yarn.lock', 'yarn install --frozen-lockfile', 'yarn firedrill run'],
    ['README.md', 'npm install', 'npx firedrill run'],
  ])('installs and runs as a project with %s does', (file, install, run) => {
    const text = githubText(folderWith({ [file]: '' }), 'src/chain.ts');
    const steps: { run?: string }[] = parse(text).jobs.drill.steps;
    const commands = steps.flatMap((step) => step.run ?? []);
    expect(commands[0]?.endsWith(install)).toBe(true);
    expect(commands[1]).toBe(`${run} --chain src/chain.ts --trials 3 --out reports/firedrill`);
    expect(text).not.toContain('{{');
  });

  it('needs firedrill in package.json', () => {
    const named = folderWith({ 'package.json': '{"devDependencies":{"firedrill":"^0.1.0"}}' });
    expect(dependsOnFiredrill(named)).toBe(true);
    expect(dependsOnFiredrill(folderWith({ 'package.json': '{}' }))).toBe(false);
    expect(dependsOnFiredrill(folderWith())).toBe(false);
  });
});
