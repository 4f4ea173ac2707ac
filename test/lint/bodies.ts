// Bodies of requests, and parts of them, that several examples share.

export const user = { role: 'user', content: 'What is owed?' };
export const messages = [user];
export const claude = { model: 'claude-3-5-sonnet-latest', max_tokens: 500, messages };
export const sonnet5 = { ...claude, model: 'claude-sonnet-5', max_tokens: 4000 };
export const gpt4o = { model: 'gpt-4o', messages };
export const gpt5 = { model: 'gpt-5', messages };
export const compat = { model: 'claude-3-5-sonnet-latest', messages };
export const current = '2026-10-21';
export const open = { type: 'object', properties: { id: { type: 'string' } } };
export const closed = { ...open, required: ['id'], additionalProperties: false };
export const chatTool = { type: 'function', function: { name: 'find', parameters: open } };
export const claudeTool = { name: 'find', description: 'd', input_schema: open };
export const contents = [{ role: 'user', parts: [{ text: 'What is owed?' }] }];
export const begun = [user, { role: 'assistant', content: '{' }];
export const format = { type: 'json_schema', json_schema: { name: 'a', schema: closed } };
export const image = { type: 'image_url', image_url: { url: 'data:image/png;base64,AA==' } };
export const claudeImage = {
  type: 'image',
  source: { type: 'base64', media_type: 'image/png', data: 'A' },
};
export const withParts = (...parts: unknown[]): unknown[] => [{ role: 'user', content: parts }];
export const said = (role: string, content: string): unknown[] => [{ role, content }, user];

export function googleTool(parameters: unknown): Record<string, unknown> {
  return { contents, tools: [{ functionDeclarations: [{ name: 'find', parameters }] }] };
}

export function toolHistory(id: string): unknown[] {
  return [
    user,
    { role: 'assistant', content: [{ type: 'tool_use', id, name: 'find', input: {} }] },
    { role: 'user', content: [{ type: 'tool_result', tool_use_id: id, content: 'x' }] },
  ];
}
