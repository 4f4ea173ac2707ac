// Cassettes as VCR.py writes them, for tests that import.
export interface Taped {
  url: string;
  /** The request's JSON body. */
  ask: unknown;
  sent?: Record<string, string>;
  status?: number;
  headers?: Record<string, string>;
  /** The response body: text, or JSON. */
  answer: unknown;
}

/** YAML is a superset of JSON, so that every string stands as it is. */
export function cassette(...tapes: Taped[]): string {
  const items = tapes.map(
    ({ url, ask, sent = {}, status = 200, headers = {}, answer }) => `- request:
    method: POST
    uri: ${JSON.stringify(url)}
    headers: ${lists(sent)}
    body: ${JSON.stringify(typeof ask === 'string' ? ask : JSON.stringify(ask))}
  response:
    status: {code: ${status}, message: x}
    headers: ${lists({ 'content-type': 'application/json', ...headers })}
    body: {string: ${JSON.stringify(typeof answer === 'string' ? answer : JSON.stringify(answer))}}
`,
  );
  return `interactions:\n${items.join('')}version: 1\n`;
}

function lists(headers: Record<string, string>): string {
  const pairs = Object.entries(headers).map(([name, value]) => [name, [value]]);
  return JSON.stringify(Object.fromEntries(pairs));
}

export const openaiUrl = 'https://api.openai.com/v1/chat/completions';
export const anthropicUrl = 'https://api.anthropic.com/v1/messages';

export function chatAsk(prompt: string, more: Record<string, unknown> = {}): unknown {
  return { model: 'gpt-4o-mini', messages: [{ role: 'user', content: prompt }], ...more };
}

export function chatAnswer(text: string): unknown {
  const message = { role: 'assistant', content: text };
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    model: 'gpt-4o-mini-2024-07-18',
    choices: [{ index: 0, message, finish_reason: 'stop' }],
    usage: { prompt_tokens: 9, completion_tokens: 5, total_tokens: 14 },
  };
}

export function claudeAsk(prompt: string): unknown {
  const messages = [{ role: 'user', content: prompt }];
  return { model: 'claude-3-5-haiku-20241022', max_tokens: 100, messages };
}

export function claudeAnswer(text: string): unknown {
  return {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'claude-3-5-haiku-20241022',
    content: [{ type: 'text', text }],
    stop_reason: 'end_turn',
    usage: { input_tokens: 9, output_tokens: 5 },
  };
}
