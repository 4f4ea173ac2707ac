// Texts gone wrong, and thoughts: all made here, and labelled as altered wherever they show.
import type { Rng } from '../rng.ts';
import { piecesOf } from './tokens.ts';

/** Words with their letters in disorder. */
export function garbled(text: string, rng: Rng): string {
  return text.replace(/\p{L}{3,}/gu, (word) => {
    const letters = [...word];
    for (let i = letters.length - 1; i > 0; i--) {
      const j = rng.int(i + 1);
      const [a, b] = [letters[i], letters[j]];
      if (a !== undefined && b !== undefined) [letters[i], letters[j]] = [b, a];
    }
    return letters.join('');
  });
}

/** Quotes that nobody escaped, and an end that is missing. */
export function spoiltJson(text: string): string {
  const body = text.trimEnd().replace(/[}\]]+$/, '');
  return body.startsWith('{') || body.startsWith('[') ? body : `{"answer": "${body}`;
}

/** The same in plain words: braces, quotes and brackets are gone. */
export function proseOf(text: string): string {
  const words = text.replace(/["{}[\]]/g, ' ').replace(/\s+/g, ' ');
  return `Sure, here it is: ${words.trim()}`;
}

const thoughts = ' The user asks for something; I look at what I know, and then I say it.';

/** So many tokens of thought, as `tokens.ts` counts them. */
export function reasoningOf(tokens: number): string {
  const own = piecesOf(thoughts);
  return Array.from({ length: Math.max(1, tokens) }, (_, i) => own[i % own.length]).join('');
}
