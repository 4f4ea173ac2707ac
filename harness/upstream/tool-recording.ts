// The tool calls of a recording, as wires and histories have them.
import type { TextEvent } from '../history.ts';
import type { Answer, ToolCall } from '../wires/wire.ts';
import type { TextRecording } from './recording.ts';

/** Without ids: each wire gives them ids of its own kind. */
export function toolCallsIn({ toolCalls = [] }: TextRecording): ToolCall[] {
  return toolCalls.map(({ name, arguments: given }) => ({
    id: '',
    name,
    arguments: typeof given === 'string' ? given : JSON.stringify(given),
  }));
}

export function finishOf({ finish, toolCalls }: TextRecording): Answer['finish'] {
  return toolCalls && finish === 'stop' ? 'tool-calls' : finish;
}

/** All that the model wrote, for the count of tokens. */
export function saidIn(recording: TextRecording): string {
  const called = toolCallsIn(recording).map((call) => `${call.name}${call.arguments}`);
  return [recording.text, ...called].join('');
}

/** What the history tells of an answer's tool calls; nothing where there are none. */
export function callsOf({ toolCalls }: Answer): Pick<TextEvent, 'calls'> {
  if (toolCalls.length === 0) return {};
  return { calls: toolCalls.map(({ name, arguments: given }) => ({ name, arguments: given })) };
}
