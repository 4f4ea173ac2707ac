import type { Flag, LintRequest, LintRule } from './lint-rule.ts';

const source = 'the request that the chain sends the primary for the same sample';

/** What the primary is told and this target is not. */
export const lostParts: LintRule = {
  name: 'lost-parts',
  describe: 'the primary gets a system prompt, tools, a schema or images that this target does not',
  example: 'the primary’s request has a json_schema, the fallback’s has none',
  look(request, primary) {
    if (primary === null) return [];
    const lost = (what: string): Flag => ({ effect: 'lost', what, source });
    const flags: Flag[] = [];
    const missing = missingOf(request, primary);
    if (missing !== null) {
      flags.push(lost(`${missing} that the primary gets is nowhere in this request`));
    }
    const tools = primary.traits.tools.filter((name) => !request.traits.tools.includes(name));
    if (tools.length > 0) {
      flags.push(lost(`the primary may call ${tools.join(', ')}, this target may not`));
    }
    if (primary.traits.schema && !request.traits.schema && !asksForSchema(request)) {
      flags.push(lost('the primary is held to a schema, this target is not: its JSON may not fit'));
    }
    if (primary.traits.images > request.traits.images) {
      const images = `${primary.traits.images} image${primary.traits.images === 1 ? '' : 's'}`;
      flags.push(lost(`the primary sees ${images}, this target sees ${request.traits.images}`));
    }
    return flags;
  },
};

/** A chain may place it elsewhere and in other pieces, as long as the words of each line arrive. */
function missingOf(request: LintRequest, primary: LintRequest): string | null {
  const all = wordsOf(request.turns.map(({ text }) => text).join('\n'));
  const lines = primary.turns
    .filter(({ role }) => role === 'system')
    .flatMap(({ text }) => text.split('\n'))
    .map(wordsOf)
    .filter((words) => words !== '');
  const arrived = lines.filter((words) => all.includes(words)).length;
  if (arrived === lines.length) return null;
  return arrived === 0 ? 'the system prompt' : 'a part of the system prompt';
}

/**
 * Its letters alone. Tags, marks and white space are how a prompt is set for a provider, and what
 * has digits in it may be a time or an id, which differs from request to request.
 */
function wordsOf(text: string): string {
  return text
    .replace(/<\/?[\w-]+>/g, '')
    .replace(/[\w-]+/g, (word) => (/\d/.test(word) ? '' : word))
    .replace(/[^\p{L}\p{M}]+/gu, '');
}

/** A tool that has to be called holds a model to a schema as well. */
function asksForSchema({ body }: LintRequest): boolean {
  const choice = body.tool_choice;
  if (choice === 'required') return true;
  if (typeof choice !== 'object' || choice === null) return false;
  const type = Reflect.get(choice, 'type');
  return type === 'tool' || type === 'any' || type === 'function';
}
