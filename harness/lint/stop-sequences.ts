import { dialectOf, sources } from './dialect-of.ts';
import type { Flag, LintRule } from './lint-rule.ts';

/** What ends an answer early, and who takes how much of it. */
export const stopSequences: LintRule = {
  name: 'stop-sequences',
  describe: 'stop sequences that the target does not take: too many, only white space, or any',
  example: 'stop: ["\\n"] to Claude; five of them, or any to o3, to OpenAI',
  look(request) {
    const { body, model } = request;
    const dialect = dialectOf(request);
    const stops = [dialect === 'anthropic' ? body.stop_sequences : body.stop].flat();
    const texts = stops.filter((stop) => typeof stop === 'string');
    if (texts.length === 0) return [];
    const flags: Flag[] = [];
    if (dialect === 'openai' && /^o(?:3|4-mini)/.test(model)) {
      const what = `stop is not supported by ${model}: leave it out`;
      flags.push({ effect: 'rejected', what, source: sources.chatTypes });
    } else if (dialect === 'openai' && texts.length > 4) {
      const what = `${texts.length} stop sequences: OpenAI takes up to 4`;
      flags.push({ effect: 'rejected', what, source: sources.chatTypes });
    }
    const isClaude = dialect === 'anthropic' || dialect === 'compat';
    const blank = texts.find((stop) => stop.trim() === '');
    if (isClaude && blank !== undefined) {
      const what = `the stop sequence ${JSON.stringify(blank)} is only white space`;
      const source = `BerriAI/litellm#3286; ${sources.compat}`;
      flags.push({ effect: dialect === 'compat' ? 'ignored' : 'rejected', what, source });
    }
    return flags;
  },
};
