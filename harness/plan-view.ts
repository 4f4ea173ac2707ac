// Small shapes that scorers and the plan share. A leaf.

/** When and on what a fault of the scenario may fire. Times in ms since the trial's start. */
export interface FaultWindow {
  fault: string;
  provider: string | null;
  model: string | null;
  region: string | null;
  fromMs: number;
  /** Null: without an end. */
  toMs: number | null;
}

/** USD per million tokens. */
export interface ModelPrice {
  input: number;
  output: number;
}

/** What tokens cost, in millionths of a dollar. */
export function microsOf(price: ModelPrice, tokens: { input: number; output: number }): number {
  return tokens.input * price.input + tokens.output * price.output;
}
