import { z } from 'zod';
import type { Check } from './check.ts';
import { folded } from './text.ts';

const settings = z.strictObject({
  noRefusal: z.literal(true).describe('It does not turn the request down.'),
});

/** Where a refusal stands: who turns a request down says so at once. */
const OPENING = 300;

const cannot =
  "(?:can ?not|can't|could not|couldn't|won't|will not|am (?:not able|unable) to|'m (?:not able|unable) to)";
const REFUSALS = [
  `\\bi(?: really| simply| just)?,? ?${cannot}(?: be able to)?(?: actually| really| ethically| in good conscience)? (?:help|assist|provide|do that|do this|comply|fulfill|answer|create|write|generate|engage|discuss|support|offer|continue|participate|produce)`,
  `\\bi(?:'m| am)(?: very| so| truly)? sorry,? but (?:i|that)\\b`,
  `\\bi (?:apologi[sz]e|regret),? but i ${cannot}`,
  '\\bi (?:must|have to|need to) (?:respectfully )?(?:decline|refuse)\\b',
  "\\bi(?:'d| would) (?:rather|prefer) not (?:to )?(?:help|assist|do|write|create|provide)",
  "\\b(?:i do not|i don't) feel comfortable\\b",
].map((pattern) => new RegExp(pattern));

/** The usual words of a refusal, in English, in the first sentences. */
export const noRefusal: Check<z.infer<typeof settings>> = {
  kind: 'noRefusal',
  describe: 'the text does not turn the request down (in English, in its first sentences)',
  example: '{ noRefusal: true }',
  settings,
  holds(_, text) {
    const opening = folded(text.slice(0, OPENING));
    return !REFUSALS.some((refusal) => refusal.test(opening));
  },
};
