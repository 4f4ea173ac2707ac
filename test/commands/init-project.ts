// A user's project for the tests of init: it finds the SDKs and asks two models.
import { symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { folderWith } from '../cli.ts';

const modules = resolve(import.meta.dirname, '../../node_modules');

/** A project with these files that finds the SDKs. */
export function project(files: Record<string, string>): string {
  const dir = folderWith({ 'package.json': '{"type":"module"}', ...files });
  symlinkSync(modules, join(dir, 'node_modules'), 'junction');
  return dir;
}

/** A module that exports its chain as a function of the prompt. */
export const app = `
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
const openai = new OpenAI();
const anthropic = new Anthropic();
async function first(prompt: string): Promise<string> {
  const reply = await openai.chat.completions.create({
    model: 'gpt-4o',
    messages: [{ role: 'user', content: prompt }],
  });
  return reply.choices[0]?.message.content ?? '';
}
export async function reply(prompt: string, signal?: AbortSignal): Promise<string> {
  try {
    return await first(prompt);
  } catch {
    const reply = await anthropic.messages.create(
      { model: 'claude-haiku-5-5', max_tokens: 99, messages: [{ role: 'user', content: prompt }] },
      { signal },
    );
    return reply.content.map((block) => (block.type === 'text' ? block.text : '')).join('');
  }
}
`;
