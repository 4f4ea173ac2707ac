import { statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { packageRoot } from '../harness/project.ts';

it('the bin can be executed, also where npm linked another checkout before', () => {
  expect(statSync(join(packageRoot, 'bin/firedrill.js')).mode & 0o111).toBe(0o111);
});
