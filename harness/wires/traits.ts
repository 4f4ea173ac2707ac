// What a request brings, read out of its body: the same walk for every wire, which only says what
// names its own parts have.
import type { Traits } from '../faults/fault.ts';
import { tokensOf } from '../upstream/tokens.ts';
import { record } from './json.ts';
import type { Origin } from './origin.ts';
import { isOwnId, isOwnSignature } from './origin.ts';
import type { Asked } from './wire.ts';

/** The names of a wire's own parts. */
export interface PartNames {
  /** Values of `type` of an image part, or members that hold one. */
  images: readonly string[];
  /** Members that refer to a tool call of the history. */
  callIds: readonly string[];
  /** Members that hold the signature of reasoning. */
  signatures: readonly string[];
  /** What its provider mints; absent: nothing in a history is foreign to it. */
  origin?: Origin;
}

export function traitsOf(asked: Asked, names: PartNames, schema: boolean): Traits {
  const { origin } = names;
  const found = { images: 0, callIds: [] as string[], signatures: [] as string[] };
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) {
      for (const one of value) walk(one);
      return;
    }
    const members = record(value);
    if (members === null) return;
    if (typeof members.type === 'string' && names.images.includes(members.type)) found.images++;
    for (const [name, member] of Object.entries(members)) {
      if (names.images.includes(name) && record(member) && members.type === undefined) {
        found.images++;
      }
      if (typeof member !== 'string') walk(member);
      else if (names.callIds.includes(name)) found.callIds.push(member);
      else if (names.signatures.includes(name)) found.signatures.push(member);
    }
  };
  // Tools are described in words of their own; what they describe is no part of the history.
  const { tools: _tools, ...history } = asked.body;
  walk(history);
  return {
    inputTokens: asked.turns.reduce((sum, { text }) => sum + tokensOf(text), 0),
    maxTokens: asked.maxTokens,
    parameters: Object.keys(asked.body),
    prefill: asked.turns.at(-1)?.role === 'assistant',
    schema,
    tools: asked.tools,
    ...found,
    foreignIds: found.callIds.filter((id) => origin && !isOwnId(origin, id)),
    foreignSignatures: found.signatures.filter((one) => origin && !isOwnSignature(origin, one)),
  };
}
