import { generation } from '../wires/anthropic-objection.ts';
import { record } from '../wires/json.ts';
import { isReasoningModel } from '../wires/openai-objection.ts';
import { dialectOf, given, sources } from './dialect-of.ts';
import type { Flag, LintRequest, LintRule } from './lint-rule.ts';

const names = ['temperature', 'top_p', 'top_k'];

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
  if (generation(model) < 5) return [];
  return (
    given(request, names)
      // Off is the default of top_k: any number is another.
      .filter((name) => name === 'top_k' || body[name] !== 1)
      .map((name) => ({
        effect: 'rejected',
        what: `${name}: ${JSON.stringify(body[name])} is not the default, and ${model} takes no other: leave it out`,
        source: sources.sonnet5,
      }))
  );
}

function ofOpenAi(request: LintRequest): Flag[] {
  const { model, body } = request;
  if (!isReasoningModel(model)) return [];
  const effort = body.reasoning_effort ?? record(body.reasoning)?.effort;
  if (effort === 'none') return [];
  return given(request, ['temperature', 'top_p'])
    .filter((name) => body[name] !== 1)
    .map((name) => ({
      effect: 'rejected',
      what: `${name}: ${JSON.stringify(body[name])} is not the default (1), and ${model} takes no other: leave it out`,
      source: `decolua/9router#560; ${sources.chatTypes}`,
    }));
}
