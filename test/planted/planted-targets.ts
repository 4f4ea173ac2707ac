// The targets of planted chains: those of the reference chain, and Gemini beside them.
import { parse } from 'yaml';
import { createTargets } from '../../harness/chains/create-targets.ts';
import { parseReferenceSettings } from '../../harness/chains/reference-config.ts';
import type { Target } from '../../harness/chains/target.ts';
import { geminiTarget } from './gemini-target.ts';

/** `yaml`: a list of targets as the reference chain has it. Called anew in every trial. */
export function plantedTargets(yaml: string): () => Target[] {
  const list: unknown[] = parse(yaml);
  const makers = list.map((target) => {
    if (typeof target === 'string' && target.startsWith('google/')) {
      return () => [geminiTarget(target, process.env.GEMINI_API_KEY ?? '')];
    }
    const text = `targets: [${JSON.stringify(target)}]\nattempt: { timeout: 20m }\n`;
    const settings = parseReferenceSettings(text, 'planted.yaml');
    return () => createTargets(settings);
  });
  return () => makers.flatMap((make) => make());
}
