// Shows: a chain that never gives back control (a loop of microtasks, `for (;;)`) is ended by the
// watchdog after ten seconds of silence, twice; call and instant are named, the run goes on, and
// reports say hung. The command itself, with the limits that users have.
//
//   node_modules/.bin/node --import tsx tools/shown/hung.ts
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fixtureChain, root, writeScenario } from '../../test/drills.ts';
import { shown } from './shown.ts';

await shown('A chain that spins is named, and the run goes on.', async ({ dir, say, check }) => {
  const arrival = (seconds: number) => ({ rate: '6/m', for: `${seconds}s`, spread: 'even' });
  const long = writeScenario(dir, 'long', { arrival: arrival(80) });
  const short = writeScenario(dir, 'short', { arrival: arrival(30) });
  for (const trouble of ['waits-for-nothing', 'sets-timers', 'loops-in-microtasks', 'loops']) {
    const out = join(dir, trouble);
    const words = ['run', long, short, '--chain', fixtureChain('goes-wrong.ts'), '--out', out];
    const { status, stderr } = spawnSync(process.execPath, ['bin/dev.mjs', ...words], {
      cwd: root,
      env: { ...process.env, FIREDRILL_TEST_TROUBLE: `${trouble} 5` },
      encoding: 'utf8',
    });
    say(`${trouble}: exit ${status}${stderr === '' ? '' : `, ${stderr.trim()}`}`);
    const report = JSON.parse(readFileSync(join(out, 'report.json'), 'utf8'));
    const [one, two] = report.scenarios;
    const hung = trouble.startsWith('loops') ? 4 : 1;
    check(one.outcomes.hung === hung, `${one.outcomes.hung} calls hung, ${one.calls} asked`);
    check(two.outcomes.complete === 3, 'the trial after it was drilled');
    const named = trouble.startsWith('loops') === /call 5 was the last/.test(stderr);
    check(named, 'the watchdog has named call and instant, where it was needed');
  }
});
