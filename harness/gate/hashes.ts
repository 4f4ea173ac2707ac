// What the figures of a scenario depend on, each under its own name: a gate that only knew that
// something has changed could not say whether the chain is to blame.
import { readReferenceSettings } from '../chains/reference-config.ts';
import { findWorkload } from '../project.ts';
import { hashOfParts } from '../run/hash-of-parts.ts';
import type { Plan } from '../run/plan.ts';
import { readText } from '../scenario/yaml-file.ts';
import { chainSources } from '../trial/chain-sources.ts';
import type { Baseline } from './baseline.ts';

export type Hashes = Baseline['hashes'];

/** By scenario, in the order of the plan. */
export function hashesOf(plan: Plan, cwd: string): Map<string, Hashes> {
  const targets = hashOfParts(plan.targetsFiles.map((file) => readText(file)));
  const chain = hashOfParts(chainTexts(plan.chainFile));
  return new Map(
    plan.scenarios.map(({ scenario }) => {
      // What is said of it, and what is asked of it, changes no call.
      const { description: _, thresholds: __, ...drilled } = scenario;
      const { recordings, ...workload } = findWorkload(scenario.workload, cwd);
      const [asked, answers] = [
        hashOfParts([JSON.stringify(workload)]),
        hashOfParts([JSON.stringify(recordings)]),
      ];
      const own = hashOfParts([JSON.stringify(drilled)]);
      return [
        scenario.name,
        { scenario: own, workload: asked, recordings: answers, targets, chain },
      ];
    }),
  );
}

function chainTexts(file: string): string[] {
  const texts = chainSources(file).map((source) => readText(source));
  const measured = /\.ya?ml$/.test(file) ? readReferenceSettings(file).quality?.file : undefined;
  return measured === undefined ? texts : [...texts, readText(measured)];
}
