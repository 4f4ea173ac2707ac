// The least change that a gate speaks of: what nobody would notice is no regression, however sure.
import type { ComparedFigure } from '../comparison/cases.ts';
import { comparedFigures } from '../comparison/cases.ts';
import { InputError } from '../errors.ts';
import { unknownWord } from '../scenario/nearest.ts';
import { durationMs, shareOf } from '../scenario/units.ts';

/** `points`: of a share; `part`: of the baseline's figure; `ms`. */
export interface MinEffect {
  kind: 'points' | 'part' | 'ms';
  value: number;
  text: string;
}

export type MinEffects = Readonly<Record<ComparedFigure, MinEffect>>;

const shares: ReadonlySet<ComparedFigure> = new Set([
  'goodput',
  'availability',
  'quality.drop',
] as const);

const usual: Readonly<Record<ComparedFigure, string>> = {
  goodput: '1%',
  availability: '0.5%',
  'quality.drop': '1%',
  'latency_ms.p95': '10%',
  'attempts_per_call.mean': '5%',
  cost_per_call_usd: '5%',
};

/** Of words like `goodput=2%` and `latency_ms.p95=500ms`. Throws InputError. */
export function minEffects(words: readonly string[]): MinEffects {
  const texts: Record<string, string> = { ...usual };
  for (const word of words) {
    const [, figure = word, text] = /^([^=]+)=(.+)$/.exec(word) ?? [];
    if (!Object.hasOwn(usual, figure)) {
      throw new InputError(`--min-effect: ${unknownWord('figure', figure, comparedFigures)}`);
    }
    texts[figure] = text ?? '';
  }
  const entries = comparedFigures.map((figure) => [figure, effectOf(figure, texts[figure] ?? '')]);
  return Object.fromEntries(entries) as Record<ComparedFigure, MinEffect>;
}

function effectOf(figure: ComparedFigure, text: string): MinEffect {
  const ms = figure === 'latency_ms.p95' ? durationMs(text) : null;
  if (ms !== null) return { kind: 'ms', value: ms, text };
  const share = /%$/.test(text) ? shareOf(text) : null;
  if (share !== null) return { kind: shares.has(figure) ? 'points' : 'part', value: share, text };
  const more = figure === 'latency_ms.p95' ? ' or 250ms' : '';
  throw new InputError(`--min-effect ${figure}=${text}: expected a share like 1%${more}`);
}

/** In the figure's own unit. */
export function leastChange({ kind, value }: MinEffect, from: number): number {
  return kind === 'part' ? value * Math.abs(from) : value;
}
