// Shards of a run, and the whole that they make: byte for byte the unsharded one.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { firedrill, folderWith, mistake } from '../cli.ts';
import { bytesOf } from '../drills.ts';

// Each starts workers many times over.
vi.setConfig({ testTimeout: 240_000 });

const scenario = (name: string, faults: string) => `
name: ${name}
description: the test ${name}
workload: support-desk
arrival: { rate: 1/s, for: 8s }
faults:
  ${faults}
`;
const files = {
  'chain.yaml': 'targets: [openai/gpt-4o, anthropic/claude-3-5-sonnet-latest]\n',
  // A rule in a stream asks for a twin, which has to stay with its trial.
  'twinned.yaml': scenario('twinned', '- { inject: overloaded, at: first-event, chance: 50% }'),
  'plain.yaml': scenario('plain', '- { inject: stall, at: headers, chance: 50% }'),
};
const words = ['run', 'twinned.yaml', 'plain.yaml', '--chain', 'chain.yaml', '--trials', '2'];

async function shards(dir: string, of: number): Promise<string[]> {
  const outs: string[] = [];
  for (let index = 1; index <= of; index++) {
    const out = `part-${index}`;
    const said = await firedrill([...words, '--shard', `${index}/${of}`, '--out', out], dir);
    expect(said.code, said.err).toBeLessThan(2);
    outs.push(out);
  }
  return outs;
}

describe('merge', () => {
  it('makes of all shards, in any order, the bytes of the whole run', async () => {
    const dir = folderWith(files);
    await firedrill([...words, '--out', 'whole'], dir);
    const outs = await shards(dir, 3);
    const said = await firedrill(['merge', ...outs.reverse(), '--out', 'merged'], dir);
    expect(said.code, said.err).toBeLessThan(2);
    expect(said.out).toContain('reports in merged');
    const whole = bytesOf(join(dir, 'whole'));
    expect(Object.keys(whole)).toContain('report.json');
    expect(bytesOf(join(dir, 'merged'))).toEqual(whole);
    const again = await firedrill(['report', 'merged'], dir);
    expect(again.code).toBe(said.code);
    expect(bytesOf(join(dir, 'merged'))).toEqual(whole);
  });

  it('says which shard is missing, twice there, unfinished, of another run, or none', async () => {
    const dir = folderWith(files);
    const [one = '', two = ''] = await shards(dir, 2);
    const merge = async (...dirs: string[]): Promise<string> => {
      const said = await firedrill(['merge', ...dirs, '--out', 'merged'], dir);
      expect(said).toMatchObject({ code: 2, out: '' });
      return said.err;
    };
    expect(await merge(one)).toContain("of the run's shards 2/2 is missing: give all of them");
    expect(await merge(one, one)).toContain('is shard 1/2, as ');
    const other = [...words.slice(0, -1), '3', '--shard', '2/2', '--out', 'other'];
    await firedrill(other, dir);
    expect(await merge(one, 'other')).toContain('is a shard of another run than');
    await firedrill([...words, '--shard', '3/3', '--out', 'third'], dir);
    expect(await merge(one, 'third')).toContain('is shard 3/3, not one of 2');
    rmSync(join(dir, two, 'report.json'));
    expect(await merge(one, two)).toContain('shard 2/2 is not finished: go on with --resume');
    await firedrill([...words, '--out', 'whole'], dir);
    expect(await merge('whole')).toContain('is a whole run, no shard of one');
    expect(await merge('nowhere')).toContain('holds no run');
  });

  it('refuses shards that there cannot be, before anything is drilled', async () => {
    const asked = (shard: string) => mistake(files, [...words, '--shard', shard]);
    expect(await asked('4/3')).toContain('expected i/n with i from 1 to n, like 2/3');
    expect(await asked('0/3')).toContain('expected i/n');
    expect(await asked('one')).toContain('expected i/n');
    expect(await asked('5/5')).toBe(
      '--shard 5/5: there are 4 trials to share out: write at most 4 shards',
    );
  });

  it('goes on with a shard as that shard only', async () => {
    const dir = folderWith(files);
    await firedrill([...words, '--shard', '1/2', '--out', 'part'], dir);
    const said = await firedrill([...words, '--shard', '2/2', '--out', 'part', '--resume'], dir);
    expect(said.code).toBe(2);
    expect(said.err).toContain('holds shard 1/2 of the run: it cannot be resumed as 2/2');
  });
});
