// Vectors as an embedding model would give them, made of nothing but the text: every word and every
// three letters in a row point somewhere in the model's own space, and a text is the sum of its
// parts. So texts that share words are near, and spaces of two models have nothing in common.
import { mix } from '../rng.ts';

/** What OpenAI documents. */
const widths: Readonly<Record<string, number>> = {
  'text-embedding-3-small': 1536,
  'text-embedding-3-large': 3072,
  'text-embedding-ada-002': 1536,
};

/** The width of many open models; what a model has that nobody here knows. */
const usualWidth = 768;

export function widthOf(model: string): number {
  return widths[model] ?? usualWidth;
}

/** A text, or the numbers of its tokens. */
export type EmbeddingInput = string | readonly number[];

/**
 * The vector of one input, of length 1; the first `width` dimensions of it, of length 1 again.
 * A text and its tokens are two things here: the harness has no tokenizer.
 */
export function vectorOf(model: string, input: EmbeddingInput, width: number): Float32Array {
  const full = Math.max(width, widthOf(model));
  const sum = new Float64Array(full);
  const seed = mix(0, 'space', model);
  for (const [part, weight] of partsOf(input)) point(sum, mix(seed, part), weight);
  return normalised(sum.subarray(0, width));
}

/** In how many dimensions a part shows: enough that two parts hardly ever share many of theirs. */
const reach = 64;

/** A Weyl sequence, each step scrambled. */
function point(sum: Float64Array, seed: number, weight: number): void {
  let state = seed;
  for (let i = 0; i < reach; i++) {
    state = (state + 0x9e3779b9) | 0;
    let bits = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
    bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
    bits = (bits ^ (bits >>> 16)) >>> 0;
    const at = (bits >>> 1) % sum.length;
    sum[at] = (sum[at] ?? 0) + ((bits & 1) === 0 ? weight : -weight);
  }
}

function normalised(values: Float64Array): Float32Array {
  let squares = 0;
  for (const value of values) squares += value * value;
  const length = Math.sqrt(squares);
  if (length > 0) return Float32Array.from(values, (value) => value / length);
  // Cut so short that nothing of it is left.
  return Float32Array.from(values, (_, index) => (index === 0 ? 1 : 0));
}

const word = /[\p{L}\p{N}]+/gu;
const longWord = 8;
/** Of a word's weight, what all its letters in threes have together. */
const lettersShare = 0.6;

/** Numbers tell little of what a text is about. */
function weightOf(one: string): number {
  const length = /^\p{N}+$/u.test(one) ? 1 : Math.min(one.length, longWord);
  return (length / longWord) ** 2;
}

/** Parts by weight: what is said again counts less each time, and long words say more. */
function partsOf(input: EmbeddingInput): Map<string, number> {
  const weights = new Map<string, number>();
  const add = (part: string, weight: number): void => {
    weights.set(part, (weights.get(part) ?? 0) + weight);
  };
  if (typeof input !== 'string') {
    for (const token of input) add(`token ${token}`, 1);
  } else {
    for (const one of input.toLowerCase().match(word) ?? [input]) {
      const weight = weightOf(one);
      add(`word ${one}`, weight);
      const padded = ` ${one} `;
      const threes = Math.max(1, padded.length - 2);
      for (let i = 0; i < threes; i++) {
        add(`letters ${padded.slice(i, i + 3)}`, (weight * lettersShare) / threes);
      }
    }
  }
  for (const [part, weight] of weights) weights.set(part, Math.sqrt(weight));
  return weights;
}
