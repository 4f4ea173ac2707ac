import { generation } from '../wires/anthropic-objection.ts';
import { number } from '../wires/json.ts';
import { dialectOf, sources } from './dialect-of.ts';
import type { LintRule } from './lint-rule.ts';

/** OpenAI's temperatures go up to 2, Anthropic's to 1: one number means two things. */
export const temperatureRange: LintRule = {
  name: 'temperature-range',
  describe: 'a temperature outside of what the target takes',
  example: 'temperature: 1.3 to Claude',
  look(request) {
    const value = number(request.body.temperature);
    if (value === null) return [];
    const said = `temperature: ${value}`;
    const dialect = dialectOf(request);
    if (dialect === 'openai' && (value < 0 || value > 2)) {
      const what = `${said} is outside of 0 to 2`;
      return [{ effect: 'rejected', what, source: sources.chatTypes }];
    }
    if (dialect === 'compat' && value > 1) {
      const what = `${said} is taken for 1, Anthropic's highest`;
      return [{ effect: 'changed', what, source: sources.compat }];
    }
    const older = generation(request.model) < 5 && (request.version ?? '') < '2026-10-21';
    if (dialect !== 'anthropic' || !older || (value >= 0 && value <= 1)) return [];
    const what = `${said} is outside of 0 to 1`;
    return [{ effect: 'rejected', what, source: '@anthropic-ai/sdk 0.137, messages.d.ts' }];
  },
};
