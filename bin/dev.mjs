// The command line from a checkout: the sources as they are, through tsx.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 15)) {
  process.stderr.write(
    `firedrill: this is Node ${process.versions.node}; npm run -s firedrill -- ARGS uses the right one\n`,
  );
  process.exit(2);
}
// One thread for Node's pool, before anything uses it: work that one callback starts side by side
// then ends in the order in which it began, on every machine.
process.env.UV_THREADPOOL_SIZE = '1';
await import('tsx');
await import('../harness/main.ts');
