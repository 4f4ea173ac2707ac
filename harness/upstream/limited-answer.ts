// An answer that its output limit ends: what was said until then is sent in good order.
import type { Answer, ToolCall } from '../wires/wire.ts';
import { piecesOf } from './tokens.ts';

/** What is left of an answer after so many tokens of payload; null where it is no longer. */
export function limitedAnswer(answer: Answer, tokens: number): Partial<Answer> | null {
  const rest = { tokens };
  const text = within(answer.text, rest);
  const refusal = answer.refusal === null ? null : within(answer.refusal, rest);
  const toolCalls: ToolCall[] = [];
  for (const call of answer.toolCalls) {
    if (rest.tokens === 0) break;
    toolCalls.push({ ...call, arguments: within(call.arguments, rest) });
  }
  const [last] = toolCalls.slice(-1);
  const whole =
    text === answer.text &&
    refusal === answer.refusal &&
    toolCalls.length === answer.toolCalls.length &&
    last?.arguments === answer.toolCalls.at(-1)?.arguments;
  if (whole) return null;
  const output = Math.min(answer.usage.output, tokens);
  const usage = { ...answer.usage, output };
  return { text, refusal, toolCalls, finish: 'length', usage };
}

function within(said: string, rest: { tokens: number }): string {
  const pieces = piecesOf(said).slice(0, rest.tokens);
  rest.tokens -= pieces.length;
  return pieces.join('');
}
