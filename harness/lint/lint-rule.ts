// The contract of a lint rule: what in one request, as a chain really sends it to one target, that
// target rejects, overlooks or takes differently. A rule is pure. It speaks only of providers that
// it has a source for: what nobody documented is no finding.
import type { Traits } from '../faults/fault.ts';
import type { Turn } from '../wires/wire.ts';
import type { WireName } from '../wires/wire-name.ts';

/** One request to one target, credentials left out. */
export interface LintRequest {
  provider: string;
  model: string;
  wire: WireName;
  /** The version of the API that the request names, where its wire has one. */
  version: string | null;
  /** The JSON body. */
  body: Readonly<Record<string, unknown>>;
  turns: readonly Turn[];
  maxTokens: number | null;
  traits: Traits;
  /** What the provider answered it with: why it turned it down; null where it took it. */
  objection: string | null;
  /** The target's context window in tokens, and who says so; null where no targets file has it. */
  context: { tokens: number; source: string } | null;
  /** Estimated, of the healthy primary's answer to the same sample; null where it has none. */
  primaryTokens: number | null;
}

/**
 * rejected: the provider answers with an error; ignored: it overlooks a part; changed: it takes it
 * for something else; lost: the primary was told what this target is not; risk: it may go wrong.
 */
export const lintEffects = ['rejected', 'ignored', 'changed', 'lost', 'risk'] as const;

export type LintEffect = (typeof lintEffects)[number];

export interface Flag {
  effect: LintEffect;
  /** One sentence: what in the request, and what to do instead. */
  what: string;
  /** Who says so: a document, a type of an SDK, an issue. */
  source: string;
}

export interface LintRule {
  /** The file's name. */
  name: string;
  /** One line for `firedrill list lints`. */
  describe: string;
  /** A request that it flags, in a few words. */
  example: string;
  /**
   * `primary`: the first request that the chain sends the primary for the same sample; null where
   * it is the primary itself that is asked.
   */
  look(request: LintRequest, primary: LintRequest | null): Flag[];
}
