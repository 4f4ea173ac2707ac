// The names of all wires, as faults, recordings and rules write them. A leaf: faults know no wire,
// wires know what faults decide.

/** Their answers are texts, which a recording can hold. */
export const textWireNames = [
  'openai-chat',
  'openai-responses',
  'anthropic-messages',
  'gemini',
] as const;

export const wireNames = [...textWireNames, 'openai-embeddings'] as const;

export type TextWireName = (typeof textWireNames)[number];

export type WireName = (typeof wireNames)[number];
