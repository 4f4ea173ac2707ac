// Shows what recording promises: a canary in every place of a request and a response is in no file,
// a limit of cost is never exceeded and the same command goes on, and kills leave no broken file
// and pay nothing twice: for `record` and `serve --record`, before a provider that nobody here
// wrote (@copilotkit/aimock), which counts what it was asked. --kills N, --samples N, --seed N.
//
//   node_modules/.bin/node --import tsx tools/shown/record.ts
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { CanarySeen } from '../../test/live/canary.ts';
import {
  canaryInImport,
  canaryInProxy,
  canaryInRecord,
  canaryPlaces,
  canaryVariables,
} from '../../test/live/canary.ts';
import type { Capped } from '../../test/live/capped.ts';
import { capProxy, capRecord } from '../../test/live/capped.ts';
import type { Kills } from '../../test/live/killed.ts';
import { killProxy, killRecord } from '../../test/live/killed.ts';
import { startedMock, startRecording } from '../../test/live/recording.ts';
import type { Showing } from './shown.ts';
import { numberOf, shown } from './shown.ts';

const kills = numberOf('kills', 10);
const samples = numberOf('samples', 40);
const seed = numberOf('seed', 1);
const cap = 2;

const proxied = 'serve --record';

await shown('recording: no secret kept, no limit exceeded, nothing paid twice', async (showing) => {
  const { dir, say } = showing;
  const { headers, parameters } = canaryPlaces;
  const folder = (name: string): string => {
    mkdirSync(join(dir, name));
    return join(dir, name);
  };
  say(`a canary in ${headers} headers, ${parameters} parameters and the fields of each body:\n`);
  say('| | requests | recordings | texts looked through | with a canary |');
  say('|---|---|---|---|---|');
  clean(showing, proxied, await canaryInProxy(folder('canary-serve'), startRecording));
  clean(showing, 'import', await canaryInImport(folder('canary-import')));
  const before = { ...process.env };
  Object.assign(process.env, canaryVariables());
  clean(showing, 'record', await canaryInRecord(folder('canary-record')));
  for (const name of Object.keys(canaryVariables())) delete process.env[name];
  Object.assign(process.env, before);

  say(`\na limit of $${cap}, ${samples} answers of $0.03, the same command until all are there:\n`);
  say('| | commands | spent in each, $ | recordings after each | asked twice |');
  say('|---|---|---|---|---|');
  for (const what of ['record', proxied]) {
    const mock = await startedMock();
    const options = { mock, dir: folder(`cap-${what}`), cap, samples };
    const isRecord = what === 'record';
    const seen = isRecord ? await capRecord(options) : await capProxy(options, startRecording);
    capped(showing, what, seen);
    await mock.stop();
  }

  say(`\n${kills} kills (SIGKILL) at points of seed ${seed}:\n`);
  say('| | wanted | kept | requests | under way at a kill | paid again | broken files |');
  say('|---|---|---|---|---|---|---|');
  for (const what of ['record', `${proxied} --once`]) {
    const mock = await startedMock({ tps: 60 });
    const options = { mock, dir: folder(`kill-${what}`), kills, samples, seed };
    killed(showing, what, await (what === 'record' ? killRecord : killProxy)(options));
    await mock.stop();
  }
});

function clean({ say, check }: Showing, what: string, seen: CanarySeen): void {
  const { requests, recordings, texts, found } = seen;
  say(`| ${what} | ${requests} | ${recordings} | ${texts} | ${found.length} |`);
  check(recordings > 0 && found.length === 0, `${what} keeps no canary ${found[0] ?? ''}`);
}

function capped({ say, check }: Showing, what: string, seen: Capped): void {
  const spent = seen.spent.map((usd) => usd.toFixed(2)).join(', ');
  say(
    `| ${what} | ${seen.spent.length} | ${spent} | ${seen.kept.join(', ')} | ${seen.paidAgain} |`,
  );
  check(
    seen.spent.every((usd) => usd <= seen.cap),
    `${what} never spends more than $${seen.cap}`,
  );
  check(seen.kept.at(-1) === samples && seen.paidAgain === 0, `${what} goes on, and asks once`);
}

function killed({ say, check }: Showing, what: string, seen: Kills): void {
  const { wanted, kept, requests, unfinished, paidAgain, broken } = seen;
  const figures = [wanted, kept, requests, unfinished, paidAgain, broken.length];
  say(`| ${what} | ${figures.join(' | ')} |`);
  check(kept === wanted && broken.length === 0, `${what} has all, and no broken file`);
  check(
    paidAgain === 0 && requests <= wanted + unfinished,
    `${what} asks again only for what was under way`,
  );
}
