// The reference chain over targets that are too easily content: what breaks off is whole to them.
import type { Ask } from '../../../harness/chains/chain.ts';
import { createTargets } from '../../../harness/chains/create-targets.ts';
import { referenceChain } from '../../../harness/chains/reference.ts';
import { parseReferenceSettings } from '../../../harness/chains/reference-config.ts';
import type { Target } from '../../../harness/chains/target.ts';
import type { Mistake } from './mistakes.ts';
import { repairingTarget } from './repairing-target.ts';

/** How it changes a target; null for mistakes that are not of this kind. */
export function leniencyOf(
  mistake: Mistake | null,
): ((target: Target, responses: boolean) => Target) | null {
  if (mistake === 'repairs-arguments') return repairingTarget;
  return mistake === 'takes-any-end-of-turns' ? takingAnyEnd : null;
}

export function lenientChain(
  lenient: (target: Target, responses: boolean) => Target,
  { targets: yaml, stream }: { targets: string; stream: boolean },
): () => Ask {
  const limits = 'attempt: { timeout: 15s, firstToken: 8s, idle: 6s }\ndeadline: 25s\n';
  const text = `targets: ${yaml}\nstream: ${stream}\n${limits}retry: { max: 1 }\n`;
  const settings = parseReferenceSettings(text, 'lenient.yaml');
  const responses = yaml.includes('openai-responses');
  return () => {
    const targets = createTargets(settings).map((target) => lenient(target, responses));
    return referenceChain(settings, targets, Math.random);
  };
}

function takingAnyEnd(target: Target): Target {
  return {
    ...target,
    async *ask(request, signal) {
      let ended = false;
      for await (const part of target.ask(request, signal)) {
        ended ||= part.kind === 'end';
        yield part;
      }
      if (!ended) yield { kind: 'end', ending: 'stop' };
    },
  };
}
