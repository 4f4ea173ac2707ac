// The contract of an adapter: a library's own fallback, set up from the same chain file as the
// reference chain, in the way in which the library's guides show it. What the library cannot be
// told is said in words, and not made up for: what is drilled is the library.
import type { Ask, Question } from '../chains/chain.ts';
import type { ReferenceSettings } from '../chains/settings.ts';
import { InputError } from '../errors.ts';
import { layersNotSaid } from '../not-said.ts';

export interface Adapter {
  name: string;
  describe: string;
  /** What has to be installed, as npm takes it: `ai@7`. None are dependencies of firedrill. */
  packages: readonly string[];
  /** What of a chain file the library has no setting for. */
  notSaid(settings: ReferenceSettings): string[];
  /** Imports the library. Rejects where it cannot be found, or cannot ask one of the targets. */
  load(settings: ReferenceSettings): Promise<MakeAsk>;
}

/** Called once a trial, for a fresh chain. */
export type MakeAsk = (stream: boolean) => Ask;

/** Keeps the types of the map: each adapter is one object. */
export const adapter = (one: Adapter): Adapter => one;

/** A target that speaks a wire for which the library is not set up here. */
export function refuseResponses({ targets }: ReferenceSettings, name: string): void {
  const other = targets.find(({ wire }) => wire === 'openai-responses');
  if (!other) return;
  throw new InputError(
    `${name} is set up for chat completions and messages: leave wire: openai-responses of ${other.name} out`,
  );
}

/** Better no answer than one that was made without the tools. */
export function refuseTools({ tools }: Question, name: string): void {
  if (tools.length > 0) throw new Error(`${name} is set up without tools here`);
}

/** What none of the libraries has: layers that an application puts around them. */
export function notInLibraries(settings: ReferenceSettings): string[] {
  const { cache, breaker, balance } = settings;
  return [
    ...(cache ? ['cache: every question is asked'] : []),
    ...(breaker ? ['breaker: a target that is down is asked all the same'] : []),
    ...(balance ? ['balance: targets are asked in the order of the file'] : []),
    ...layersNotSaid(settings),
  ];
}

/** What clients with a time limit and a number of retries, and nothing else, are not told. */
export function notInClients(settings: ReferenceSettings, backoff: string): string[] {
  return [
    'deadline: the attempts of a call have no limit together',
    'attempt.firstToken, attempt.idle: a stream may be silent',
    `retry.backoff, retry.jitter, retry.hintCap: ${backoff}`,
    ...notInLibraries(settings),
  ];
}
