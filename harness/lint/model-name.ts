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

/** Only who the model is told to be counts: a prompt may speak of anything. */
const told = [
  /\b(?:you are|you['’]re|you run on|act as|as an? |your name is|i am|powered by)\s*(?:an? )?\W*$/i,
  /\byou(?: are|['’]re)\b[^.!?\n]*(?:\bai|model|assistant|bot|agent),? (?:made|built|trained) by\W*$/i,
  /\byou(?: are|['’]re)\b[^.!?\n]*(?:\bai|model|assistant|bot|agent),? (?:based|running) on\W*$/i,
];

/** "Never say that you are": it is not. Not to reveal it is another matter: then it is. */
const denied = /\b(?:never|not|nor|if|whether)\b|n['’]t\b/i;
const secret = /\b(?:reveal|disclose|admit)\b/i;

/** As much before a name as says what it is there for. */
const reach = 300;

/** A prompt that tells a model that it is another one. */
export const modelName: LintRule = {
  name: 'model-name',
  describe: 'a prompt that tells a model that it is one of another provider',
  example: '"You are GPT-4" in the system prompt of a request to Claude',
  look(request) {
    for (const { role, text } of request.turns) {
      if (role !== 'system' && role !== 'user') continue;
      for (const { provider, name } of families) {
        const found = provider.test(request.provider) ? null : named(text, name);
        if (found === null || isItsOwn(request, found)) continue;
        const where = role === 'system' ? 'the system prompt' : 'the prompt';
        const what = `${where} names ${found}: ${request.model} is asked, and may answer as another; leave the name out`;
        return [{ effect: 'risk', what, source: 'the request itself' }];
      }
    }
    return [];
  },
};

function named(text: string, name: RegExp): string | null {
  for (const found of text.matchAll(new RegExp(name, 'gi'))) {
    const before = text.slice(Math.max(0, found.index - reach), found.index);
    const clause = before.split(/[.!?;:,\n]/).at(-1) ?? '';
    if (denied.test(clause) && !secret.test(clause)) continue;
    if (told.some((one) => one.test(before))) return found[0];
  }
  return null;
}

/** Hosts that serve others' models: whose the model is says its name. */
function isItsOwn({ model }: LintRequest, found: string): boolean {
  return models.some((one) => one.model.test(model) && one.name.test(found));
}
