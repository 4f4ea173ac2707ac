import { records } from '../wires/json.ts';
import { dialectOf, sources } from './dialect-of.ts';
import type { Flag, LintRequest, LintRule } from './lint-rule.ts';

/** Where the system prompt stands, and what becomes of it there. */
export const systemPlacement: LintRule = {
  name: 'system-placement',
  describe: 'a system prompt where the target does not take one, or moves it',
  example: 'a system message behind the first user turn, to Claude behind the OpenAI API',
  look(request) {
    const dialect = dialectOf(request);
    if (dialect === 'compat') return hoisted(request);
    const { body } = request;
    const inside = records(body.messages ?? body.contents).some(({ role }) => isSystem(role));
    // The types of the SDK that speaks the newer version have such a message.
    if (dialect === 'anthropic' && inside && (request.version ?? '') < '2026-10-21') {
      const what = 'a message of role system ("Unexpected role"): send it as the top-level system';
      return [{ effect: 'rejected', what, source: 'ianarawjo/ChainForge#271' }];
    }
    if (dialect !== 'google' || !inside) return [];
    const what = 'contents take the roles user and model only: send it as systemInstruction';
    return [{ effect: 'rejected', what, source: 'ai.google.dev/gemini-api/docs/troubleshooting' }];
  },
};

function isSystem(role: unknown): boolean {
  return role === 'system' || role === 'developer';
}

function hoisted({ turns }: LintRequest): Flag[] {
  const first = turns.findIndex(({ role }) => role !== 'system');
  const late = first >= 0 && turns.slice(first).some(({ role }) => role === 'system');
  if (!late) return [];
  const what =
    'a system message behind other turns is moved to the front and joined with the first';
  return [{ effect: 'changed', what, source: sources.compat }];
}
