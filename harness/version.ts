// The version of the package, read from its package.json.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import { packageRoot } from './project.ts';

const manifest = z.object({ version: z.string() });

export const version = manifest.parse(
  JSON.parse(readFileSync(resolve(packageRoot, 'package.json'), 'utf8')),
).version;
