import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scenarioFiles, shippedFolders } from '../harness/project.ts';
import { folderWith } from './cli.ts';
import { root } from './drills.ts';

const shipped = (...parts: string[]): string => join(root, 'scenarios', ...parts);

describe('the scenarios that a command names', () => {
  it('are the shipped ones outside of folders where nothing is named', () => {
    const files = scenarioFiles([], root);
    expect(files).toContain(shipped('provider-outage.yaml'));
    expect(files.filter((file) => file.slice(shipped().length + 1).includes('/'))).toEqual([]);
  });

  it('are all of a shipped folder, or one in it, from wherever one is', () => {
    const bench = scenarioFiles(['failover-bench'], '/');
    expect(bench).toHaveLength(16);
    const [one] = scenarioFiles(['failover-bench/s05-reset-once'], '/');
    expect(bench).toContain(one);
  });

  it('are those of the project where nothing is named, and by name the shipped ones too', () => {
    const text = 'name: x\n';
    const project = folderWith({
      'firedrill/scenarios/mine.yaml': text,
      'firedrill/scenarios/flapping.yaml': text,
    });
    const own = (name: string): string => join(project, 'firedrill/scenarios', name);
    expect(scenarioFiles([], project)).toEqual([own('flapping.yaml'), own('mine.yaml')]);
    expect(scenarioFiles(['healthy', 'flapping', 'mine'], project)).toEqual([
      shipped('healthy.yaml'),
      own('flapping.yaml'),
      own('mine.yaml'),
    ]);
    expect(() => scenarioFiles(['healty'], project)).toThrow(/did you mean healthy\?.*mine/);
  });

  it('are all of a folder of one’s own', () => {
    expect(scenarioFiles(['scenarios/failover-bench'], root)).toHaveLength(16);
  });

  it('run once, however often they are named', () => {
    const [only] = scenarioFiles(['healthy'], root);
    expect(scenarioFiles(['healthy', String(only), 'scenarios/healthy.yaml'], root)).toEqual([
      only,
    ]);
  });

  it.each(['failover-bench/s99', 'failover-bnch', 'failover-bench/a/b', '../scenarios/nowhere'])(
    'are refused where there is none: %s',
    (name) => {
      expect(() => scenarioFiles([name], root)).toThrow(/unknown scenario.*failover-bench/);
    },
  );

  it('lie in folders that say what they are', () => {
    expect(shippedFolders()).toEqual(
      expect.arrayContaining(['corpus', 'failover-bench', 'incidents']),
    );
  });
});
