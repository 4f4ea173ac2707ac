// Dialects by name. A new dialect is its file, its name in dialect-name.ts and its line here.
import { azure } from './azure.ts';
import { cerebras } from './cerebras.ts';
import { deepseek } from './deepseek.ts';
import type { Dialect } from './dialect.ts';
import type { DialectName } from './dialect-name.ts';
import { groq } from './groq.ts';
import { mistral } from './mistral.ts';
import { openrouter } from './openrouter.ts';
import { vllm } from './vllm.ts';
import { xai } from './xai.ts';
import { zai } from './zai.ts';

export const dialects: Readonly<Record<DialectName, Dialect>> = {
  azure,
  openrouter,
  groq,
  cerebras,
  mistral,
  deepseek,
  xai,
  zai,
  vllm,
};
