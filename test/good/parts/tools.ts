// Sessions with tools. A call is run only from a whole answer, once, and what it said is kept for
// whoever is asked next.
import type { Question, Tool } from '../../../harness/api.ts';
import type { Answer, ToolCall } from './answer.ts';
import { BadAnswer } from './failure.ts';

/** A turn that is over: what the model said beside its calls, and what came of them. */
export interface Turn {
  text: string;
  results: (ToolCall & { result: string })[];
}

/** A model that still asks for tools after so many turns goes round in circles. */
export const mostTurns = 8;

/** The calls of an answer, each id once. Throws BadAnswer where one of them cannot be run. */
export function runnable({ calls }: Answer, tools: readonly Tool[]): ToolCall[] {
  for (const { id, name, arguments: given } of calls) {
    const tool = tools.find((offer) => offer.name === name);
    if (!tool || id === '')
      throw new BadAnswer('malformed', `the answer calls ${name || 'nothing'}`);
    const { required } = tool.parameters;
    const args = argumentsOf(given);
    const lacks = Array.isArray(required) && required.some((key) => !Object.hasOwn(args, key));
    if (lacks) throw new BadAnswer('malformed', `the answer calls ${name} without what it needs`);
  }
  return [...new Map(calls.map((call) => [call.id, call])).values()];
}

export async function runTools(question: Question, answer: Answer): Promise<Turn> {
  const results: Turn['results'] = [];
  for (const call of answer.calls) {
    const tool = question.tools.find(({ name }) => name === call.name);
    // A tool that fails is the model's to deal with.
    const result = await tool?.run(call.arguments).catch((error: unknown) => String(error));
    results.push({ ...call, result: result ?? '' });
  }
  return { text: answer.text, results };
}

export function argumentsOf(text: string): Record<string, unknown> {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    throw new BadAnswer('malformed', 'the arguments of a call are no JSON');
  }
  if (typeof given === 'object' && given !== null && !Array.isArray(given)) return { ...given };
  throw new BadAnswer('malformed', 'the arguments of a call are no object');
}

/** For chains that run none: better no answer than one that was made without them. */
export function refuseTools({ tools }: Question): void {
  if (tools.length > 0) throw new Error('this chain runs no tools: ask one that does');
}
