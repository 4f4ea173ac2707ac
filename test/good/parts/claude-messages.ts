// Anthropic's messages: the request for a question, and strict readers of what comes back.
import type Anthropic from '@anthropic-ai/sdk';
import type { Question } from '../../../harness/api.ts';
import type { Answer, Ending, ToolCall } from './answer.ts';
import { BadAnswer, ErrorInside } from './failure.ts';
import type { Turn } from './tools.ts';
import { argumentsOf, runnable } from './tools.ts';

type Body = Anthropic.MessageCreateParamsNonStreaming;

export function messageBody(model: string, question: Question, turns: readonly Turn[] = []): Body {
  const { system, prompt, schema, tools } = question;
  return {
    model,
    max_tokens: 1024,
    ...(system !== null && { system }),
    messages: [{ role: 'user', content: prompt }, ...turns.flatMap(turnMessages)],
    ...(tools.length > 0 && {
      tools: tools.map(({ name, description, parameters }) => {
        return { name, description, input_schema: { ...parameters, type: 'object' as const } };
      }),
    }),
    ...(isRecord(schema) && { output_config: { format: { type: 'json_schema', schema } } }),
  };
}

function turnMessages({ text, results }: Turn): Anthropic.MessageParam[] {
  const said = text.trim() === '' ? [] : [{ type: 'text' as const, text }];
  const uses = results.map(({ id, name, arguments: given }) => {
    return { type: 'tool_use' as const, id, name, input: argumentsOf(given) };
  });
  const told = results.map(({ id, result }) => {
    return { type: 'tool_result' as const, tool_use_id: id, content: result };
  });
  return [
    { role: 'assistant', content: [...said, ...uses] },
    { role: 'user', content: told },
  ];
}

/** A body that came at once, as the SDK parsed it. */
export function readMessage(body: unknown, question: Question): Answer {
  if (!isRecord(body)) throw new BadAnswer('malformed', 'the body is no message');
  if (body.error) throw new ErrorInside(body.error);
  const { content, stop_reason, stop_details } = body as unknown as Partial<Anthropic.Message>;
  if (!Array.isArray(content)) throw new BadAnswer('malformed', 'the message has no content');
  const text = content.map((block) => (block.type === 'text' ? block.text : '')).join('');
  const calls = content.flatMap((block): ToolCall[] => {
    if (block.type !== 'tool_use') return [];
    return [{ id: block.id, name: block.name, arguments: JSON.stringify(block.input ?? {}) }];
  });
  return ended(stop_reason ?? null, text || stop_details?.explanation || '', calls, question);
}

/** Text as it comes; an empty piece is progress that nobody can read. Returns the whole answer. */
export async function* readEvents(
  events: AsyncIterable<Anthropic.RawMessageStreamEvent>,
  question: Question,
): AsyncGenerator<string, Answer> {
  const calls = new Map<number, ToolCall & { closed?: boolean }>();
  let text = '';
  let reason: string | null = null;
  let stopped = false;
  try {
    for await (const event of events) {
      if (event.type === 'content_block_start' && event.content_block.type === 'tool_use') {
        const { id, name } = event.content_block;
        calls.set(event.index, { id, name, arguments: '' });
      } else if (event.type === 'content_block_stop') {
        const call = calls.get(event.index);
        if (call) call.closed = true;
      } else if (event.type === 'content_block_delta') {
        const { delta, index } = event;
        if (delta.type === 'text_delta') {
          text += delta.text;
          if (delta.text) yield delta.text;
        } else if (delta.type === 'input_json_delta') {
          const call = calls.get(index);
          if (call) call.arguments += delta.partial_json;
          if (delta.partial_json) yield '';
        }
      } else if (event.type === 'message_delta') {
        reason = event.delta.stop_reason ?? reason;
        const why = reason === 'refusal' && text === '' && event.delta.stop_details?.explanation;
        if (why) {
          text = why;
          yield why;
        }
      } else if (event.type === 'message_stop') stopped = true;
    }
  } catch (error) {
    // What goes wrong behind the marker takes nothing away from the answer.
    if (!stopped) throw error;
  }
  if (!stopped) throw new BadAnswer('truncated', 'the stream ended without message_stop');
  const called = [...calls.values()];
  if (!called.every(({ closed }) => closed)) throw new BadAnswer('truncated', 'a call has no end');
  // A tool that needs nothing is called with nothing.
  const whole = called.map(({ id, name, arguments: given }) => {
    return { id, name, arguments: given || '{}' };
  });
  return ended(reason, text, whole, question);
}

function ended(reason: string | null, text: string, calls: ToolCall[], question: Question): Answer {
  if (calls.length > 0) {
    if (reason !== 'tool_use') throw new BadAnswer('malformed', `calls ended with ${reason}`);
    const answer: Answer = { text, ending: 'tools', calls };
    return { ...answer, calls: runnable(answer, question.tools) };
  }
  return { text, ending: endingOf(reason), calls };
}

function endingOf(reason: string | null): Ending {
  if (reason === 'end_turn' || reason === 'stop_sequence') return 'stop';
  if (reason === 'max_tokens' || reason === 'model_context_window_exceeded') return 'length';
  if (reason === 'refusal') return 'refusal';
  throw new BadAnswer('malformed', `the answer ended with ${reason}`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
