// One target as it is written in YAML: `provider/model`, or an object where more is to be said. One
// that makes vectors is written the same way.
import { z } from 'zod';
import type { SemanticSettings, TargetSettings } from './settings.ts';

const providers = {
  openai: {
    keyVariable: 'OPENAI_API_KEY',
    baseURL: 'https://api.openai.com/v1',
    wire: 'openai-chat',
  },
  anthropic: {
    keyVariable: 'ANTHROPIC_API_KEY',
    baseURL: 'https://api.anthropic.com',
    wire: 'anthropic-messages',
  },
} as const;

const modelName = z
  .string()
  .regex(
    /^(openai|anthropic)\/\S+$/,
    'expected openai/MODEL or anthropic/MODEL; for an API that imitates one of them, its baseURL beside it',
  );

const described = z.strictObject({
  model: modelName.describe('provider/model: openai/MODEL or anthropic/MODEL.'),
  region: z
    .string()
    .min(1)
    .optional()
    .describe('Where it runs, for rules and reports; its baseURL stands beside it.'),
  key: z
    .string()
    .regex(
      /^[A-Z][A-Z0-9_]*$/,
      'expected the name of an environment variable, like OPENAI_API_KEY_2; never the key itself',
    )
    .optional()
    .describe(
      'The environment variable that has its key, like OPENAI_API_KEY_2; never the key itself.',
    ),
  baseURL: z
    .url({ protocol: /^https?$/, error: 'expected a URL like https://host/v1' })
    .optional()
    .describe("Where its API is, like https://host/v1, where that is not the provider's own."),
  wire: z
    .enum(['openai-chat', 'openai-responses'])
    .optional()
    .describe("Which of OpenAI's APIs it speaks."),
});

export const targetSettings = z
  .union([modelName.transform((model): z.infer<typeof described> => ({ model })), described])
  .transform((given, context): TargetSettings => {
    const slash = given.model.indexOf('/');
    const provider = given.model.slice(0, slash) === 'openai' ? 'openai' : 'anthropic';
    const usual = providers[provider];
    const refuse = (key: string, message: string): never => {
      context.addIssue({ code: 'custom', path: [key], message });
      return z.NEVER;
    };
    if (given.region !== undefined && given.baseURL === undefined) {
      return refuse('region', 'a region has a host of its own: write its baseURL too');
    }
    if (given.wire !== undefined && provider !== 'openai') {
      return refuse('wire', `is for openai targets only: leave it out for ${given.model}`);
    }
    return {
      provider,
      model: given.model.slice(slash + 1),
      name: given.model,
      keyVariable: given.key ?? usual.keyVariable,
      baseURL: given.baseURL ?? usual.baseURL,
      hasOwnURL: given.baseURL !== undefined,
      region: given.region ?? null,
      wire: given.wire ?? usual.wire,
    };
  });

const embeddingModel = z
  .string()
  .regex(
    /^openai\/\S+$/,
    "expected openai/MODEL, like openai/text-embedding-3-small; for an API that imitates OpenAI's, its baseURL beside it",
  );

const describedEmbedding = described
  .omit({ wire: true })
  .extend({ model: embeddingModel.describe('openai/MODEL, as OpenAI calls it.') });

/** Who makes the vectors of a semantic cache. */
export const embeddingTarget = z
  .union([
    embeddingModel.transform((model): z.infer<typeof describedEmbedding> => ({ model })),
    describedEmbedding,
  ])
  .transform((given): SemanticSettings['target'] => ({
    provider: 'openai',
    model: given.model.slice(given.model.indexOf('/') + 1),
    name: given.model,
    keyVariable: given.key ?? providers.openai.keyVariable,
    baseURL: given.baseURL ?? providers.openai.baseURL,
    hasOwnURL: given.baseURL !== undefined,
    region: given.region ?? null,
  }))
  .describe('Who makes the vectors: openai/MODEL, or as a target is written.');
