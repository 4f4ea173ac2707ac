#!/usr/bin/env node
// Old Nodes must get this far to be told: nothing here needs a new one.
import { existsSync } from 'node:fs';

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 15)) {
  stop(`this is Node ${process.versions.node}; it needs Node 22.15 or newer`);
}
const main = new URL('../dist/main.js', import.meta.url);
if (!existsSync(main)) stop('this checkout is not built: npm run build');
// One thread for Node's pool, before anything uses it: work that one callback starts side by side
// then ends in the order in which it began, on every machine.
process.env.UV_THREADPOOL_SIZE = '1';
import(main.href);

function stop(why) {
  process.stderr.write(`firedrill: ${why}\n`);
  process.exit(2);
}
