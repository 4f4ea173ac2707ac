// What a target's answer is to the rest of a chain, whoever sent it and however it came.
import { BadAnswer } from './failure.ts';

export type Ending = 'stop' | 'length' | 'refusal' | 'tools';

export interface ToolCall {
  id: string;
  name: string;
  /** A JSON text. */
  arguments: string;
}

export interface Answer {
  text: string;
  ending: Ending;
  /** Whole, each with an end; only where the ending is `tools`. */
  calls: ToolCall[];
}

/** What a reader says where a model refused without a word. */
export const silentRefusal = 'The model declined to answer.';

/** An answer that somebody can do something with. Throws BadAnswer for all others. */
export function sound(answer: Answer, schema: unknown = null): Answer {
  const { text, ending } = answer;
  if (ending === 'tools') return answer;
  if (text.trim() === '') {
    if (ending === 'refusal') return { ...answer, text: silentRefusal };
    throw new BadAnswer('empty', 'the answer has no text');
  }
  // Only a whole answer can be held to its schema; what was cut by its length is told as it is.
  if (schema !== null && ending === 'stop' && !isJson(text)) {
    throw new BadAnswer('malformed', 'the answer is not the JSON that was asked for');
  }
  return answer;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
