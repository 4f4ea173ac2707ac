// Wires by name. A new wire is its file and its line here.
import { anthropicMessages } from './anthropic-messages.ts';
import { gemini } from './gemini.ts';
import { openaiChat } from './openai-chat.ts';
import { openaiEmbeddings } from './openai-embeddings.ts';
import { openaiResponses } from './openai-responses.ts';
import type { Wire } from './wire.ts';
import type { WireName } from './wire-name.ts';

export const wires: Readonly<Record<WireName, Wire>> = {
  'openai-chat': openaiChat,
  'openai-responses': openaiResponses,
  'anthropic-messages': anthropicMessages,
  gemini,
  'openai-embeddings': openaiEmbeddings,
};
