import type { LintRequest, LintRule } from './lint-rule.ts';

/** Whose name a prompt uses; the models of one provider may be told of one another. */
const families: readonly { provider: RegExp; name: RegExp }[] = [
  { provider: /^(openai|azure)$/, name: /\b(?:chat-?gpt|gpt-?\d[\w.]*|openai)\b/i },
  { provider: /^anthropic$/, name: /\b(?:claude|anthropic)\b/i },
  { provider: /^google$/, name: /\bgemini\b/i },
  { provider: /^meta$/, name: /\bllama[ -]?\d?\b/i },
  { provider: /^mistral$/, name: /\bmistral\b/i },
];

const models: readonly { model: RegExp; name: RegExp }[] = [
  { model: /gpt|(?:^|\/)o\d/, name: /gpt|openai/i },
  { model: /claude/, name: /claude|anthropic/i },
  { model: /gemini/, name: /gemini/i },
  { model: /llama/, name: /llama/i },
  { model: /mistral|mixtral/, name: /mistral/i },
];

/** In words of a user, only who the model is told to be counts: texts may speak of anything. */
const told = /\b(?:you are|you're|act as|as an? |your name is|i am|powered by)\s*(?:an? )?\W*$/i;

/** A prompt that tells a model that it is another one. */
export const modelName: LintRule = {
  name: 'model-name',
  describe: 'a prompt that names a model of another provider than the one that is asked',
  example: '"You are GPT-4" in the system prompt of a request to Claude',
  look(request) {
    for (const { role, text } of request.turns) {
      if (role !== 'system' && role !== 'user') continue;
      for (const { provider, name } of families) {
        const found = provider.test(request.provider) ? null : named(text, name, role === 'user');
        if (found === null || isItsOwn(request, found)) continue;
        const where = role === 'system' ? 'the system prompt' : 'the prompt';
        const what = `${where} names ${found}: ${request.model} is asked, and may answer as another; leave the name out`;
        return [{ effect: 'risk', what, source: 'the request itself' }];
      }
    }
    return [];
  },
};

function named(text: string, name: RegExp, onlyTold: boolean): string | null {
  for (const found of text.matchAll(new RegExp(name, 'gi'))) {
    if (!onlyTold || told.test(text.slice(0, found.index))) return found[0];
  }
  return null;
}

/** Hosts that serve others' models: whose the model is says its name. */
function isItsOwn({ model }: LintRequest, found: string): boolean {
  return models.some((one) => one.model.test(model) && one.name.test(found));
}
