// How the history keeps what a model thought: enough to know it again in an answer. A leaf.
import type { TextEvent } from '../history.ts';
import type { Answer } from '../wires/wire.ts';

const keptChars = 80;

export function thoughtIn({ reasoning }: Answer): Pick<TextEvent, 'reasoning'> {
  return reasoning === '' ? {} : { reasoning: reasoning.trim().slice(0, keptChars) };
}
