import { z } from 'zod';
import type { Check } from './check.ts';
import { folded } from './text.ts';

const settings = z.strictObject({
  noRefusal: z.literal(true).describe('It does not turn the request down.'),
});

/** Where a refusal stands: who turns a request down says so at once. */
const OPENING = 300;

/** Where it begins: `While I can't provide notes, here is the song` turns nothing down. */
const begin = '(?:^|[.!?:"*] |\\bbut |\\bunfortunately,? |\\bas an ai\\b[^.]{0,80}, )';
const cannot =
  "(?:(?: really| simply| just)? ?(?:can ?not|can't|could not|couldn't|won't|will not)| ?(?:am|'m) (?:not able|unable) to)";
const deeds =
  '(?:help(?! but)|assist|provide|do (?:that|this|so)|comply|fulfill|answer|create|write|generate|engage|discuss|support|offer|continue|participate|produce)';
const REFUSALS = [
  `${begin}i${cannot}(?: be able to)?(?: actually| really| ethically| in good conscience)? ${deeds}`,
  `${begin}i(?:'m| am)(?: very| so| truly)? sorry,? but (?:i|that)\\b`,
  `${begin}i (?:apologi[sz]e|regret),? but i(?: do not| don't|${cannot})`,
  `${begin}i (?:must|have to|need to) (?:respectfully )?(?:decline|refuse)\\b`,
  `${begin}i(?:'d| would) (?:rather|prefer) not (?:to )?(?:help|assist|do|write|create|provide)`,
  `${begin}(?:i do not|i don't) feel comfortable\\b`,
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
