// The layers that can be taken out of the full chain, each with the scenario that is made for it
// and the figure that it is there for.
import type { Figure } from './paired.ts';

export interface Layer {
  scenario: string;
  figure: Figure;
  better: 'more' | 'less';
}

export type LayerName =
  | 'exact cache'
  | 'semantic cache'
  | 'retry'
  | 'provider fallback'
  | 'model fallback'
  | 'balance'
  | 'breaker'
  | 'polite reply'
  | 'quality floor';

const more = (scenario: string, figure: Figure): Layer => ({ scenario, figure, better: 'more' });
const less = (scenario: string, figure: Figure): Layer => ({ scenario, figure, better: 'less' });

export const layers: Readonly<Record<LayerName, Layer>> = {
  'exact cache': more('all-down', 'goodput'),
  'semantic cache': more('asked-again', 'goodput'),
  retry: more('blips', 'goodput'),
  'provider fallback': more('long-outage', 'goodput'),
  'model fallback': more('small-model', 'goodput'),
  balance: less('two-keys', 'p95_ms'),
  breaker: less('long-outage', 'on_the_dead'),
  'polite reply': less('asked-again', 'errors'),
  'quality floor': less('small-model', 'wrong_critical'),
};

/** The YAML of a chain, as far as layers are made of it. */
export interface Settings {
  targets: (string | { model: string })[];
  retry: object;
  cache: { exact: boolean; semantic?: object };
  breaker?: object;
  balance?: object;
  degrade?: string;
  quality?: object;
}

/** The same chain without one of its layers. */
export function without(layer: LayerName, settings: Settings): Settings {
  const { targets, retry, cache } = settings;
  const but = (prefix: string): Settings['targets'] =>
    targets.filter((one) => !(typeof one === 'string' ? one : one.model).startsWith(prefix));
  switch (layer) {
    case 'exact cache':
      return { ...settings, cache: { ...cache, exact: false } };
    case 'semantic cache':
      return { ...settings, cache: { exact: cache.exact } };
    case 'retry':
      return { ...settings, retry: { ...retry, max: 0 } };
    case 'provider fallback':
      return { ...settings, targets: but('anthropic/') };
    case 'model fallback':
      return { ...settings, targets: but('openai/gpt-4o-mini') };
    case 'balance':
      return omit(settings, 'balance');
    case 'breaker':
      return omit(settings, 'breaker');
    case 'polite reply':
      return omit(settings, 'degrade');
    case 'quality floor':
      return omit(settings, 'quality');
    default:
      return layer satisfies never;
  }
}

function omit(settings: Settings, key: keyof Settings): Settings {
  return Object.fromEntries(Object.entries(settings).filter(([name]) => name !== key)) as never;
}
