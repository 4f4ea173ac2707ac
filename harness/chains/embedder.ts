// Vectors of texts, from OpenAI's embeddings API with the official SDK. One request, within its own
// limit; a failure is the semantic cache's, and never the call's.
import { BadAnswer } from './attempt-error.ts';
import { AttemptLimits } from './attempt-limits.ts';
import { openAiClient } from './openai-client.ts';
import type { SemanticSettings } from './settings.ts';
import type { Usage } from './target.ts';
import { keyOf } from './target-key.ts';

export interface Vectors {
  /** As many as there were texts, all of one length. */
  vectors: Float32Array[];
  usage: Usage | null;
}

export interface Embedder {
  /** `provider/model`. */
  name: string;
  /**
   * In `mostMs` at the most, or less where its own limit is shorter. Throws an SDK's error, an
   * AttemptTimeout, a BadAnswer, or the caller's own reason.
   */
  embed(texts: readonly string[], caller: AbortSignal, mostMs: number): Promise<Vectors>;
}

export function createEmbedder({ target, timeoutMs }: SemanticSettings): Embedder {
  const { name, model, baseURL } = target;
  const { fetch } = globalThis;
  const client = openAiClient({ apiKey: keyOf(target), baseURL, fetch, timeoutMs: 2 * timeoutMs });
  return {
    name,
    async embed(texts, caller, mostMs) {
      const all = Math.min(timeoutMs, mostMs);
      const given = { headersMs: all, firstTokenMs: all, idleMs: all, totalMs: all };
      const limits = new AttemptLimits(given, caller);
      let finished = false;
      try {
        const body = { model, input: [...texts], encoding_format: 'float' as const };
        const asked = client.embeddings.create(body, { signal: limits.signal });
        // Whoever loses the race is not waited for.
        asked.catch(() => {});
        const { data, usage } = await limits.wait(asked);
        finished = true;
        return { vectors: vectorsIn(data, texts.length), usage: usageIn(usage) };
      } finally {
        limits.close(finished);
      }
    },
  };
}

/** The SDK checks nothing of it. */
function vectorsIn(data: unknown, count: number): Float32Array[] {
  const list: unknown[] = Array.isArray(data) ? data : [];
  const vectors = list.map((one) => {
    const embedding: unknown =
      typeof one === 'object' && one !== null ? Reflect.get(one, 'embedding') : null;
    if (!Array.isArray(embedding) || embedding.length === 0) return null;
    const vector = Float32Array.from(embedding, Number);
    return vector.every(Number.isFinite) ? vector : null;
  });
  const sound = vectors.filter((vector) => vector !== null);
  const width = sound[0]?.length;
  if (sound.length !== count || sound.some(({ length }) => length !== width)) {
    throw new BadAnswer('malformed', 'the vectors are not those that were asked for');
  }
  return sound;
}

function usageIn(usage: unknown): Usage | null {
  const tokens: unknown =
    typeof usage === 'object' && usage !== null ? Reflect.get(usage, 'prompt_tokens') : null;
  return typeof tokens === 'number' ? { input: tokens, output: 0 } : null;
}

/** Of two vectors of one length: 1 where they point the same way. */
export function cosine(a: Float32Array, b: Float32Array): number {
  let dot = 0;
  let squaresA = 0;
  let squaresB = 0;
  for (let i = 0; i < a.length; i++) {
    const x = a[i] ?? 0;
    const y = b[i] ?? 0;
    dot += x * y;
    squaresA += x * x;
    squaresB += y * y;
  }
  const length = Math.sqrt(squaresA * squaresB);
  return length > 0 ? dot / length : 0;
}
