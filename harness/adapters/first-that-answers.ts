// The loop around libraries that know one target: each in its turn, until one has said something.
// What fails behind that fails the call, for the caller has read a part of it.
import type { ChainAnswer, Pieces } from '../chains/chain.ts';

interface How {
  stream: boolean;
  signal: AbortSignal;
}

export async function firstThatAnswers<T>(
  targets: readonly T[],
  ask: (target: T) => Pieces,
  { stream, signal }: How,
): Promise<ChainAnswer> {
  const pieces = walk(targets, ask, signal);
  return stream ? pieces : joined(pieces);
}

async function* walk<T>(
  targets: readonly T[],
  ask: (target: T) => Pieces,
  signal: AbortSignal,
): AsyncGenerator<string> {
  let last: unknown;
  for (const target of targets) {
    let told = false;
    try {
      for await (const piece of ask(target)) {
        told ||= piece !== '';
        yield piece;
      }
      return;
    } catch (error) {
      signal.throwIfAborted();
      if (told) throw error;
      last = error;
    }
  }
  throw last;
}

export async function joined(pieces: Pieces): Promise<string> {
  let text = '';
  for await (const piece of pieces) text += piece;
  return text;
}
