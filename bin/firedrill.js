#!/usr/bin/env node
// Old Nodes must get this far to be told: nothing here needs a new one.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 15)) {
  process.stderr.write(
    `firedrill: this is Node ${process.versions.node}; it needs Node 22.15 or newer\n`,
  );
  process.exit(2);
}
// One thread for Node's pool, before anything uses it: work that one callback starts side by side
// then ends in the order in which it began, on every machine.
process.env.UV_THREADPOOL_SIZE = '1';
import('../dist/main.js');
