// One chain file as LiteLLM's own configuration, for its proxy and for its Router: every target is
// a model of its own, the first is asked for, and the others are its fallbacks in order. Keys stay
// in the environment. Cooldowns are LiteLLM's own: chain files have none of that kind.
import type { ReferenceSettings, TargetSettings } from '../chains/settings.ts';
import { duration } from '../not-said.ts';
import type { TranslationOptions } from './gateway.ts';
import { loopbackURL, targetNames } from './target-names.ts';
import { unsaidByAll, unsaidOfHeaders } from './unsaid.ts';

export interface LitellmConfig {
  model_list: { model_name: string; litellm_params: Record<string, string | number> }[];
  router_settings: {
    num_retries: number;
    fallbacks: Record<string, string[]>[];
  };
  litellm_settings: {
    cache?: true;
    cache_params?: { type: 'local'; ttl: number };
  };
}

export function litellmConfig({ settings, origin }: TranslationOptions): LitellmConfig {
  const names = targetNames(settings.targets);
  const [first = '', ...rest] = names;
  const { cache, retry } = settings;
  return {
    model_list: settings.targets.map((target, index) => ({
      model_name: names[index] ?? '',
      litellm_params: {
        model: litellmModel(target),
        api_base: loopbackURL(target, origin),
        api_key: `os.environ/${target.keyVariable}`,
        max_tokens: settings.maxTokens,
        timeout: settings.attempt.timeoutMs / 1000,
        stream_timeout: silenceMs(settings) / 1000,
      },
    })),
    router_settings: {
      num_retries: retry.max,
      fallbacks: rest.length === 0 ? [] : [{ [first]: rest }],
    },
    litellm_settings: cache
      ? { cache: true, cache_params: { type: 'local', ttl: cache.ttlMs / 1000 } }
      : {},
  };
}

/** `openai/responses/` is how LiteLLM asks a chat question over the Responses API. */
function litellmModel({ provider, model, wire }: TargetSettings): string {
  return wire === 'openai-responses' ? `openai/responses/${model}` : `${provider}/${model}`;
}

/** One limit stands for the wait for the first token and for the silences after it: the longer. */
function silenceMs({ attempt }: ReferenceSettings): number {
  return Math.max(attempt.firstTokenMs, attempt.idleMs);
}

export function litellmNotSaid(settings: ReferenceSettings): string[] {
  const { retry, cache } = settings;
  const { fromMs, toMs } = retry.backoff;
  const unsaid = [
    ...unsaidOfStreams(settings),
    ...unsaidOfHeaders(settings),
    `retry.backoff ${duration(fromMs)}..${duration(toMs)}: waits are LiteLLM's own, 500ms..8s and up to 750ms more, also before the first fallback`,
    `retry.hintCap ${duration(retry.hintCapMs)}: hints of up to 60s are waited for`,
  ];
  if (cache) unsaid.push(`cache.maxEntries ${cache.maxEntries}: LiteLLM keeps 200 answers`);
  return [...unsaid, ...unsaidByAll(settings)];
}

function unsaidOfStreams(settings: ReferenceSettings): string[] {
  if (!settings.stream) return [];
  const { timeoutMs, firstTokenMs, idleMs } = settings.attempt;
  const silence = duration(silenceMs(settings));
  return [
    `attempt.timeout ${duration(timeoutMs)}: a stream that goes on has no limit in all`,
    `attempt.firstToken ${duration(firstTokenMs)}, attempt.idle ${duration(idleMs)}: stream_timeout ${silence} is the longest silence, anywhere in a stream`,
  ];
}
