// A worker that captures fetch, node:http and undici before the network is in place, as a module
// that is loaded too early would, and then uses them. Started by network.test.ts; posts what the
// guard reported, what came of each, and whether the drilled fetch still works.
import http from 'node:http';
import { parentPort, workerData } from 'node:worker_threads';
import { fetch as undiciFetch } from 'undici';
import { installGuard } from '../../harness/network/guard.ts';
import { enableNetwork } from '../../harness/network/network.ts';
import { behind, whole } from '../stage.ts';

const { origin } = workerData as { origin: string };
const early = { fetch: globalThis.fetch, request: http.request };
const reports: string[] = [];
const guard = installGuard((what) => reports.push(what));
const network = await enableNetwork();
const { upstream } = behind(() =>
  whole('drilled', { headersAtMs: 0, times: [0], end: { how: 'complete', atMs: 0 } }),
);
const failures: string[] = [];
network.enter({
  upstream,
  timers: { set: (run) => setImmediate(run), clear: () => {} },
  fail: (error) => failures.push(error.message),
});

async function outcome(asked: Promise<Response | { text(): Promise<string> }>): Promise<string> {
  try {
    return await (await asked).text();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const requested = new Promise<never>((_, reject) => {
  early.request(origin, { agent: new http.Agent() }).on('error', reject).end();
});
const seen = {
  'early fetch': await outcome(early.fetch(origin)),
  'early http.request': await outcome(requested),
  'fetch of the undici package': await outcome(undiciFetch(origin)),
  'drilled fetch': await outcome(fetch(origin)),
};
network.leave();
await network.disable();
guard.uninstall();
parentPort?.postMessage({ seen, reports, failures });
