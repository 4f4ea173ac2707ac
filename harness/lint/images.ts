import { record, records } from '../wires/json.ts';
import { dialectOf, sources } from './dialect-of.ts';
import type { LintRequest, LintRule } from './lint-rule.ts';

/** Images in the words of the target's API. */
export const images: LintRule = {
  name: 'images',
  describe: "an image in another provider's form",
  example: '{ type: image_url } to Anthropic’s own API; { type: image, source } to OpenAI',
  look(request) {
    const types = partsOf(request).map(({ type }) => type);
    const dialect = dialectOf(request);
    const isOpenAis = types.includes('image_url') || types.includes('input_image');
    if (dialect === 'anthropic' && isOpenAis) {
      const what = 'an image in OpenAI’s form: Anthropic takes { type: image, source }';
      return [{ effect: 'rejected', what, source: 'AstrBotDevs/AstrBot#4444' }];
    }
    const speaksOpenAi = dialect === 'openai' || dialect === 'compat';
    if (!speaksOpenAi || !types.includes('image')) return [];
    const what = 'an image in Anthropic’s form: this API takes { type: image_url, image_url }';
    return [{ effect: 'rejected', what, source: sources.chatTypes }];
  },
};

function partsOf({ body }: LintRequest): Record<string, unknown>[] {
  const turns = records(body.messages ?? body.input ?? body.contents);
  return turns.flatMap((turn) => records(turn.content ?? record(turn)?.parts));
}
