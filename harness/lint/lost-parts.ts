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
    if (!hasSystem(request, primary)) {
      flags.push(lost('the system prompt that the primary gets is nowhere in this request'));
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

/** A chain may place it elsewhere, as long as its words arrive. */
function hasSystem(request: LintRequest, primary: LintRequest): boolean {
  const all = request.turns.map(({ text }) => text).join('\n');
  return primary.turns
    .filter(({ role, text }) => role === 'system' && text.trim() !== '')
    .every(({ text }) => all.includes(text.trim()));
}

/** A tool that has to be called holds a model to a schema as well. */
function asksForSchema({ body }: LintRequest): boolean {
  const choice = body.tool_choice;
  if (choice === 'required') return true;
  if (typeof choice !== 'object' || choice === null) return false;
  const type = Reflect.get(choice, 'type');
  return type === 'tool' || type === 'any' || type === 'function';
}
