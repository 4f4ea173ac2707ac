// Which model judges, as a workload names it. A leaf.
import { z } from 'zod';
import { targetName } from '../upstream/recording.ts';
import type { PromptVersion } from './judge-prompt.ts';
import { newestPrompt, promptVersions } from './judge-prompt.ts';

export interface JudgeModel {
  target: string;
  wire: 'openai-chat' | 'openai-responses';
  prompt: PromptVersion;
}

const target = targetName
  .refine((name) => name.startsWith('openai/'), {
    message: 'a judge is a model of OpenAI, like openai/gpt-4o: no other is built',
  })
  .describe('The model that judges, as provider/model.');

const whole = z.strictObject({
  target,
  wire: z
    .enum(['openai-chat', 'openai-responses'])
    .default('openai-chat')
    .describe('How it is asked; models from gpt-5 on are asked by openai-responses.'),
  prompt: z.enum(promptVersions).default(newestPrompt).describe('Which of our prompts it gets.'),
});

/** `openai/gpt-4o`, or an object with that as `target`. */
export const judgeModel: z.ZodType<JudgeModel> = z.union([
  whole,
  target.transform((name) => ({
    target: name,
    wire: 'openai-chat' as const,
    prompt: newestPrompt,
  })),
]);
