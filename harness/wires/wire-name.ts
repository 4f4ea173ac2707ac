// The names of all wires, as faults, recordings and rules write them. A leaf: faults know no wire,
// wires know what faults decide.
export const wireNames = [
  'openai-chat',
  'openai-responses',
  'anthropic-messages',
  'gemini',
] as const;

export type WireName = (typeof wireNames)[number];
