// Shows: the gate on the shipped chain. Unchanged it holds; retries doubled, the timeout removed,
// the fallback's prompt worse, an order that `compare` ranks lower: each fails with the line that
// says why; an equal order holds, and a broken configuration ends with 2.
//
//   node_modules/.bin/node --import tsx tools/shown/gate.ts [--by 5]
//
// `--by` makes every scenario so many times shorter.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CompareReport } from '../../harness/compare/compare-report.ts';
import { fixtureChain, root, writeShortened } from '../../test/drills.ts';
import type { Ended } from './command.ts';
import { command } from './command.ts';
import { numberOf, shown } from './shown.ts';

const scenarioNames = ['healthy', 'provider-outage', 'stall-before-headers', 'rate-limit-storm'];
const [gpt, claude, mini] = [
  'openai/gpt-4o',
  'anthropic/claude-3-5-sonnet-latest',
  'openai/gpt-4o-mini',
];

await shown(
  'The gate holds where nothing got worse, and fails with the right line where something did.',
  async ({ dir, say, check }) => {
    const by = numberOf('by', 5);
    const measured = join(root, 'fixtures/measured/support-desk.yaml');
    const shipped = readFileSync(join(root, 'fixtures/chains/gpt-first.yaml'), 'utf8')
      .replace('../measured/support-desk.yaml', measured)
      .replace(/^# yaml-language-server.*\n/, '');
    const file = join(dir, 'chain.yaml');
    for (const name of scenarioNames) writeShortened(dir, name, by);
    const files = scenarioNames.map((name) => `${name}.yaml`);
    let runs = 0;
    const gate = (chain: string, ...more: string[]): Promise<Ended> =>
      command(['gate', ...files, '--chain', chain, '--out', `run-${runs++}`, ...more], dir);
    const told = async (what: string, text: string, code: number, line: RegExp): Promise<void> => {
      writeFileSync(file, text);
      const said = await gate('chain.yaml');
      const all = `${said.out}${said.err}`.trimEnd();
      say(`\n${what}\n  ${all.split('\n').join('\n  ')}`);
      check(said.code === code && line.test(all), `exit ${said.code}, ${line.source}`);
    };
    writeFileSync(file, shipped);
    say((await gate('chain.yaml', '--update')).out.trim());
    await told('unchanged', shipped, 0, /^The gate holds/);
    const twice = shipped.replace('max: 1', 'max: 2');
    await told('retries doubled', twice, 1, /REGRESSED provider-outage: attempts_per_call/);
    const endless = shipped.replace(/^attempt: .*\n/m, '');
    await told('timeout removed', endless, 1, /REGRESSED stall-before-headers: latency_ms\.p95/);
    const order = (...targets: (string | undefined)[]): string =>
      shipped.replace(/^targets: .*$/m, `targets: [${targets.join(', ')}]`);
    writeFileSync(file, shipped);
    const words = ['compare', ...files, '--chain', 'chain.yaml', '--permute', '--json'];
    const compared: CompareReport = JSON.parse((await command(words, dir)).out);
    for (const { rank, name, goodput } of compared.candidates) say(`${rank}  ${name}  ${goodput}`);
    const rankOf = (first: string): number =>
      compared.candidates.find(({ name }) => name.startsWith(`${first} >`))?.rank ?? 0;
    check(rankOf('claude-3-5-sonnet-latest') > rankOf('gpt-4o'), 'claude first is ranked lower');
    const lower = order(claude, gpt, mini);
    await told('an order that compare ranks lower', lower, 1, /REGRESSED .*: (goodput|cost)/);
    const regions = (...names: string[]): string =>
      order(
        ...names.map((region) =>
          region === 'us'
            ? gpt
            : `{ model: ${gpt}, region: eu, baseURL: "https://eu.api.openai.com/v1" }`,
        ),
        claude,
      );
    writeFileSync(file, regions('us', 'eu'));
    await gate('chain.yaml', '--update');
    await told('an equal order: two regions swapped', regions('eu', 'us'), 0, /The gate holds/);
    await told('a broken configuration', `${shipped}retires: 3\n`, 2, /chain\.yaml:\d+: .*retires/);
    const curtly = fixtureChain('asks-fallback-curtly.ts');
    process.env.CURTLY = 'no';
    await gate(curtly, '--update');
    process.env.CURTLY = 'yes';
    const worse = await gate(curtly);
    say(`\nthe fallback's prompt made worse\n  ${worse.out.trimEnd().split('\n').join('\n  ')}`);
    const named = /VIOLATED provider-outage: I18/.test(worse.out);
    check(worse.code === 1 && named, `exit ${worse.code}, VIOLATED provider-outage: I18`);
  },
);
