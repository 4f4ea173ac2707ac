// What a model asks to be run, and what came of it. A call is run only where it is beyond doubt:
// sent to its end, strict JSON, for a tool that was offered, with all that the tool needs.
import { parsed } from '../parsed-json.ts';
import { BadAnswer } from './attempt-error.ts';

/** A tool as a target offers it to its model. */
export interface ToolOffer {
  name: string;
  description: string;
  /** A JSON Schema of an object. */
  parameters: Record<string, unknown>;
}

export interface ToolCall {
  /** The provider's; the answer to it must name it. */
  id: string;
  name: string;
  /** A JSON text. */
  arguments: string;
}

/** A call that was run, and what it said. */
export interface ToolResult extends ToolCall {
  result: string;
  failed: boolean;
}

/** A turn of a session that is over: what the model said beside its calls, and their results. */
export interface ToolTurn {
  text: string;
  results: ToolResult[];
}

/** The calls of a whole answer, each id once. Throws BadAnswer where one of them cannot be run. */
export function checkedCalls(calls: readonly ToolCall[], offers: readonly ToolOffer[]): ToolCall[] {
  const byId = new Map<string, ToolCall>();
  for (const call of calls) {
    const offer = offers.find(({ name }) => name === call.name);
    if (!offer) throw new BadAnswer('malformed', 'the answer calls a tool that was not offered');
    if (call.id === '') throw new BadAnswer('malformed', 'the answer calls a tool without an id');
    const given = argumentsOf(call);
    const { required } = offer.parameters;
    const needed = Array.isArray(required) ? required : [];
    if (!needed.every((key) => Object.hasOwn(given, String(key)))) {
      throw new BadAnswer('malformed', `the answer calls ${call.name} without what it needs`);
    }
    if (!byId.has(call.id)) byId.set(call.id, call);
  }
  return [...byId.values()];
}

/** The arguments as an object. Throws BadAnswer for anything else. */
export function argumentsOf(call: ToolCall): Record<string, unknown> {
  const given = parsed(call.arguments);
  if (given === undefined) {
    throw new BadAnswer('malformed', `the arguments for ${call.name} are no JSON`);
  }
  if (typeof given === 'object' && given !== null && !Array.isArray(given)) return { ...given };
  throw new BadAnswer('malformed', `the arguments for ${call.name} are no object`);
}
