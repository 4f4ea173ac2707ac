// The names of all dialects, as a targets file writes them. A leaf.
export const dialectNames = [
  'azure',
  'openrouter',
  'groq',
  'cerebras',
  'mistral',
  'deepseek',
  'xai',
  'zai',
  'vllm',
] as const;

export type DialectName = (typeof dialectNames)[number];
