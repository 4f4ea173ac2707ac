// Targets of items of the corpus for which a target of OpenAI and one of Anthropic will not do: by
// the item's id, as YAML.

const gpt = 'openai/gpt-4o';
const mini = 'openai/gpt-4o-mini';
const claude = 'anthropic/claude-3-5-sonnet-latest';

export const ownTargets: Readonly<Record<string, string>> = {
  'chain-stops-after-two-of-seventeen': `[${gpt}, ${claude}, ${mini}]`,
  'model-404-cools-whole-profile': `[${gpt}, ${mini}]`,
};
