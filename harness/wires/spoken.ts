import { tokensOf } from '../upstream/tokens.ts';
import type { Answer, Usage } from './wire.ts';

/** What models of other makers say where theirs only sets a stop reason. */
const plainRefusal = "I'm sorry, but I can't assist with that request.";

/** The refusal as text, for wires that have no refusal without words. */
export function refusalText(answer: Answer): string | null {
  if (answer.refusal !== null && answer.refusal !== '') return answer.refusal;
  return answer.refusal !== null || answer.finish === 'refusal' ? plainRefusal : null;
}

/** Usage of an answer whose provider sent none: only the output can be estimated from it. */
export function estimatedUsage(answer: Omit<Answer, 'id' | 'finish' | 'usage'>): Usage {
  let output = tokensOf(answer.text) + tokensOf(answer.refusal ?? '');
  output += tokensOf(answer.reasoning);
  for (const call of answer.toolCalls) output += tokensOf(call.name) + tokensOf(call.arguments);
  return { input: 0, output, estimated: true };
}
