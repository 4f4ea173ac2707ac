// A prefix of its own: Portkey works with older versions of packages that others here may need.
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runTool } from './package-tool.ts';

export const portkeyPins = ['package.json', 'package-lock.json'];

const gateway = '@portkey-ai/gateway';

export function installPortkey(pinned: string, dir: string): Record<string, string> {
  for (const file of portkeyPins) copyFileSync(join(pinned, file), join(dir, file));
  // Its one script applies patches that the package does not have.
  const words = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  runTool('Portkey', 'npm', words, dir);
  const own = readFileSync(join(dir, 'node_modules', gateway, 'package.json'), 'utf8');
  return { [gateway]: (JSON.parse(own) as { version: string }).version };
}
