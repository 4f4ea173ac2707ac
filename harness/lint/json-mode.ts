import { record } from '../wires/json.ts';
import { dialectOf } from './dialect-of.ts';
import type { LintRule } from './lint-rule.ts';

/** JSON mode without the word: OpenAI refuses it. */
export const jsonMode: LintRule = {
  name: 'json-mode',
  describe: 'JSON mode, but the word JSON stands nowhere in the conversation',
  example: 'response_format: { type: json_object } and a prompt that never says JSON, to OpenAI',
  look(request) {
    if (dialectOf(request) !== 'openai') return [];
    const { body, turns } = request;
    const format = record(body.response_format) ?? record(record(body.text)?.format);
    if (format?.type !== 'json_object') return [];
    if (turns.some(({ text }) => /json/i.test(text))) return [];
    const what =
      'response_format json_object needs the word JSON in a message: say it, or send a json_schema';
    return [{ effect: 'rejected', what, source: 'mem0ai/mem0#3008; meta-llama/PurpleLlama#94' }];
  },
};
