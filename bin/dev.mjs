// The command line from a checkout: the sources as they are, through tsx.
// One thread for Node's pool, before anything uses it: work that one callback starts side by side
// then ends in the order in which it began, on every machine.
process.env.UV_THREADPOOL_SIZE = '1';
await import('tsx');
await import('../harness/main.ts');
