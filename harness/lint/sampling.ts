import { generation } from '../wires/anthropic-objection.ts';
import { record } from '../wires/json.ts';
import { isReasoningModel } from '../wires/openai-objection.ts';
import { dialectOf, given, sources } from './dialect-of.ts';
import type { Flag, LintRequest, LintRule } from './lint-rule.ts';

const names = ['temperature', 'top_p', 'top_k'];

/** What may be said all the same. That of top_k is none: any number is another. */
const defaults: Readonly<Record<string, number>> = { temperature: 1, top_p: 1 };

/** Temperature and its siblings, where a target takes none, or only the default. */
export const sampling: LintRule = {
  name: 'sampling',
  describe: 'temperature, top_p or top_k to a target that takes none, or only the default',
  example: 'temperature: 0.2 to Claude under anthropic-version 2026-10-21, or to gpt-5',
  look(request) {
    const dialect = dialectOf(request);
    if (dialect === 'anthropic') return ofAnthropic(request);
    return dialect === 'openai' ? ofOpenAi(request) : [];
  },
};

function ofAnthropic(request: LintRequest): Flag[] {
  const { version, model, body } = request;
  if (version !== null && version >= '2026-10-21') {
    return names
      .filter((name) => name in body)
      .map((name) => ({
        effect: 'rejected',
        what: `${name} is no part of the API since version 2026-10-21, not even its default: leave it out`,
        source: sources.migration,
      }));
  }
  return generation(model) < 5 ? [] : othersThanDefault(request, names, sources.sonnet5);
}

function ofOpenAi(request: LintRequest): Flag[] {
  const { model, body } = request;
  const effort = body.reasoning_effort ?? record(body.reasoning)?.effort;
  if (!isReasoningModel(model) || effort === 'none') return [];
  const known = Object.keys(defaults);
  return othersThanDefault(request, known, `decolua/9router#560; ${sources.chatTypes}`);
}

function othersThanDefault(request: LintRequest, params: string[], source: string): Flag[] {
  const { model, body } = request;
  return given(request, params)
    .filter((name) => body[name] !== defaults[name])
    .map((name) => ({
      effect: 'rejected',
      what: `${name}: ${JSON.stringify(body[name])} is not the default, and ${model} takes no other: leave it out`,
      source,
    }));
}
