// A provider's answer that somebody kept without its request: the JSON of a body, or the payloads
// of its events, one a line. Nobody can say from it who was asked what, so it is refused, in words
// that say how it can be used all the same.
import { parsed } from '../parsed-json.ts';
import { record } from '../wires/json.ts';

/** Which wire's answer the text is, or null where it is none. Cheap for other texts. */
export function bareBodyOf(text: string): string | null {
  if (!text.trimStart().startsWith('{')) return null;
  const whole = record(parsed(text));
  if (whole !== null) return wireOf(whole);
  const [line = ''] = text.trimStart().split('\n', 1);
  const first = record(parsed(line));
  return first && eventOf(first);
}

function wireOf(body: Record<string, unknown>): string | null {
  if (body.object === 'chat.completion') return 'openai-chat';
  if (body.object === 'response') return 'openai-responses';
  if (body.type === 'message' && Array.isArray(body.content)) return 'anthropic-messages';
  if (Array.isArray(body.candidates)) return 'gemini';
  return null;
}

function eventOf(event: Record<string, unknown>): string | null {
  if (event.object === 'chat.completion.chunk') return 'openai-chat';
  if (event.type === 'message_start') return 'anthropic-messages';
  if (typeof event.type === 'string' && event.type.startsWith('response.')) {
    return 'openai-responses';
  }
  return Array.isArray(event.candidates) ? 'gemini' : null;
}
