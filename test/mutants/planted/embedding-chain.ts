// A desk that searches its documents with vectors, and has an index for each model, so that the
// second may stand in for the first. Right but for the one mistake that is planted in it.
import OpenAI from 'openai';
import type { Ask, ChainAnswer, Hop, Question } from '../../../harness/chains/chain.ts';
import { inNameOf } from './in-name-of.ts';
import type { Mistake } from './mistakes.ts';

const documents = [
  'Parcels: the tracking link in the mail of dispatch shows where a parcel is.',
  'Refunds: money goes back to the card within five working days of the return.',
  'Warranty: the motor of every blender is covered by the warranty for two years.',
  'Vouchers: the code of a voucher is entered at the till of the shop and used once.',
  'Descaling: fill the steamer with half a litre of vinegar and let it boil, then rinse.',
  'Invoices: every invoice can be downloaded from the order history page of the account.',
];

const endpoints: Readonly<Record<string, { baseURL: string; key: string }>> = {
  openai: { baseURL: 'https://api.openai.com/v1', key: 'OPENAI_API_KEY' },
  google: {
    baseURL: 'https://generativelanguage.googleapis.com/v1beta/openai',
    key: 'GEMINI_API_KEY',
  },
  vllm: { baseURL: 'http://localhost:8000/v1', key: 'VLLM_API_KEY' },
};

export interface Embedding {
  mistake: Mistake | null;
  /** `provider/model`, the one that is configured first. */
  models: readonly string[];
}

export function embeddingChain({ mistake, models }: Embedding): () => Promise<Ask> {
  return async () => {
    const keys = models.map((name) => endpointOf(name).key);
    const one = mistake === 'one-key-for-all';
    const embedders = models.map((name, index) => embedderOf(name, keys[one ? 0 : index] ?? ''));
    const desk = new Desk(mistake, embedders);
    await desk.open();
    return (question, signal) => desk.answer(question, signal);
  };
}

/** What the one store of a desk that mixes was created for: the width of its first model. */
const storeWidth = 1536;

interface Embedder {
  name: string;
  embed(texts: readonly string[], signal?: AbortSignal): Promise<number[][]>;
}

interface Index {
  vectors: number[][];
}

function endpointOf(name: string): { baseURL: string; key: string } {
  const found = endpoints[name.slice(0, name.indexOf('/'))];
  if (!found) throw new Error(`no endpoint for ${name}`);
  return found;
}

function embedderOf(name: string, keyVariable: string): Embedder {
  const { baseURL } = endpointOf(name);
  const apiKey = process.env[keyVariable] ?? 'none';
  const client = new OpenAI({ apiKey, baseURL, maxRetries: 0, timeout: 9_000, logLevel: 'off' });
  const model = name.slice(name.indexOf('/') + 1);
  return {
    name,
    async embed(texts, signal) {
      const wanted = { model, input: [...texts] };
      const { data } = await client.embeddings.create(wanted, signal ? { signal } : {});
      return data.map(({ embedding }) => embedding);
    },
  };
}

class Desk {
  readonly #mistake: Mistake | null;
  readonly #embedders: readonly Embedder[];
  readonly #indexes = new Map<Embedder, Index>();
  #latched = 0;

  constructor(mistake: Mistake | null, embedders: readonly Embedder[]) {
    this.#mistake = mistake;
    this.#embedders = embedders;
  }

  /** What cannot be embedded now is as soon as it is needed. */
  async open(): Promise<void> {
    for (const embedder of this.#embedders) {
      const vectors = await embedder.embed(documents).catch(() => null);
      if (!vectors) continue;
      this.#indexes.set(embedder, { vectors });
      if (this.#mixes) return this.#took(embedder);
    }
  }

  async answer(question: Question, signal: AbortSignal): Promise<ChainAnswer> {
    const hops: Hop[] = [];
    let first: unknown;
    for (const [at, embedder] of this.#embedders.entries()) {
      if (at < this.#latched) continue;
      try {
        const text = await this.#search(embedder, question.prompt, signal);
        hops.push({ target: embedder.name, outcome: 'complete' });
        this.#took(embedder);
        if (this.#mistake !== 'names-nobody')
          return { text, meta: { served: embedder.name, hops } };
        return { text, meta: inNameOf(this.#embedders[0]?.name) };
      } catch (error) {
        signal.throwIfAborted();
        first ??= error;
        hops.push({ target: embedder.name, outcome: String(error) });
      }
    }
    const tried = hops.map(({ target, outcome }) => `${target}: ${outcome}`).join('; ');
    throw Object.assign(new Error(`nothing was found (${tried})`, { cause: first }), {
      attempts: hops,
    });
  }

  get #mixes(): boolean {
    return this.#mistake === 'mixes-spaces' || this.#mistake === 'stays-with-fallback';
  }

  #took(embedder: Embedder): void {
    if (this.#mistake === 'stays-with-fallback') this.#latched = this.#embedders.indexOf(embedder);
  }

  async #index(embedder: Embedder, signal?: AbortSignal): Promise<Index> {
    const kept = this.#mixes ? this.#indexes.values().next().value : this.#indexes.get(embedder);
    if (kept) return kept;
    const index = { vectors: await embedder.embed(documents, signal) };
    this.#indexes.set(embedder, index);
    return index;
  }

  async #search(embedder: Embedder, text: string, signal: AbortSignal): Promise<string> {
    const [vector = []] = await embedder.embed([text], signal);
    const { vectors } = await this.#index(embedder, signal);
    if (this.#mixes && vector.length !== storeWidth) {
      throw new Error(`the store has ${storeWidth} dimensions, the question ${vector.length}`);
    }
    let best = { score: Number.NEGATIVE_INFINITY, document: '' };
    for (const [at, document] of documents.entries()) {
      const score = product(vector, vectors[at] ?? []);
      if (score > best.score) best = { score, document };
    }
    return best.document;
  }
}

function product(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);
}
