// Whose a tool call's id or a signature of reasoning is, by its form: our own wires mint them as
// providers do, and recorded ones look like that.
import { signedBy } from './ids.ts';
import type { WireName } from './wire-name.ts';

/** What one provider mints. */
export interface Origin {
  wires: readonly WireName[];
  callIds: RegExp;
  /** The beginning of those that were recorded. */
  signatures: RegExp;
}

export const openAiOrigin: Origin = {
  wires: ['openai-chat', 'openai-responses'],
  callIds: /^(?:call|fc)_/,
  signatures: /^gAAAA/,
};

export const anthropicOrigin: Origin = {
  wires: ['anthropic-messages'],
  callIds: /^(?:srv)?toolu_/,
  signatures: /^E/,
};

export function isOwnId({ callIds }: Origin, id: string): boolean {
  return callIds.test(id);
}

export function isOwnSignature({ wires, signatures }: Origin, signature: string): boolean {
  const maker = signedBy(signature);
  return maker === null ? signatures.test(signature) : wires.some((wire) => wire === maker);
}
