import { z } from 'zod';
import type { Check } from './check.ts';
import { folded } from './text.ts';

const settings = z.strictObject({
  noRefusal: z.literal(true).describe('It does not turn the request down.'),
});

/** Where a refusal stands: who turns a request down says so at once. */
const OPENING = 300;

const model = '\\bas an? (?:ai|(?:\\w+ ){0,2}language model)\\b[^.]{0,80}, ';
const regret = "\\bunfortunately,? |\\bsorry,? |\\b(?:am|'m) afraid,? (?:that )?";
/** Where it begins: `While I can't provide notes, here is the song` turns nothing down. */
const begin = `(?:^|[.!?:"*] |\\bbut |${regret}|${model})`;
const cannot = `(?:${[
  "(?: really| simply| just)? ?(?:can ?not|can't|could not|couldn't|won't|will not)",
  " ?(?:am|'m) (?:not able|unable) to",
].join('|')})`;
/** An exact date cannot be given either: to share and to give are deeds with these only. */
const withheld =
  '(?:\\w+ ){0,3}(?:information|details|data|advice|instructions|opinions?|guidance)';
const deeds = `(?:${[
  'help(?! but)|assist|provide|do (?:that|this|so)|comply|fulfill|answer|create|write|generate',
  'engage|discuss|support|offer|continue|participate|produce',
  `(?:share|give|disclose|reveal) (?:that|this|${withheld})\\b`,
].join('|')})`;
const adverb = '(?: actually| really| ethically| in good conscience)?';

/** A sentence that goes on with help turns down a part at most. */
const PARTIAL = [
  `${begin}i${cannot}(?: be able to)?${adverb} ${deeds}`,
  `${begin}i(?:'m| am)(?: very| so| truly)? sorry,? but (?:i|that)\\b`,
  `${begin}i (?:apologi[sz]e|regret),? but i(?: do not| don't|${cannot})`,
].map((pattern) => new RegExp(pattern, 'g'));

const WHOLE = [
  `${begin}i (?:must|have to|need to) (?:respectfully )?(?:decline|refuse)\\b`,
  `${begin}i(?:'d| would) (?:rather|prefer) not (?:to )?(?:help|assist|do|write|create|provide)`,
  `${begin}(?:i do not|i don't) feel comfortable\\b`,
].map((pattern) => new RegExp(pattern));

/** What was asked for itself: what follows is a consolation. */
const ASKED = / (?:so|(?:that|this|these|those|such|your)(?: requests?| information)?)[ ,;]*$/;
const SENTENCE = /^(?:[^.!?]|\.(?=\S))*/;
const WHO = "(?:i|we|you)(?: can| could| will| would|'ll|'d| have|'ve)(?!'t| ?not\\b)";
const HELP = new RegExp(`\\b(?:but|however,|instead,?) (?:${WHO}|(?:your|here|the|it|there)\\b)`);
/** To send someone elsewhere is no help. */
const ELSEWHERE = new RegExp(
  `\\b(?:${[
    'consult|contact|speak|talk|doctor|lawyer|professionals?',
    '(?:some|any)thing else|other (?:topics|questions)',
  ].join('|')})\\b`,
);

function goesOn(deed: string, rest: string): boolean {
  const sentence = SENTENCE.exec(rest)?.[0] ?? '';
  const at = HELP.exec(sentence)?.index;
  if (at === undefined) return false;
  return !ASKED.test(deed + sentence.slice(0, at)) && !ELSEWHERE.test(sentence.slice(at));
}

/** The usual words of a refusal, in English, in the first sentences. */
export const noRefusal: Check<z.infer<typeof settings>> = {
  kind: 'noRefusal',
  describe: 'the text does not turn the request down (in English, in its first sentences)',
  example: '{ noRefusal: true }',
  settings,
  holds(_, text) {
    const start = folded(text.slice(0, 2 * OPENING));
    const opening = folded(text.slice(0, OPENING));
    if (WHOLE.some((refusal) => refusal.test(opening))) return false;
    return PARTIAL.every((refusal) =>
      [...opening.matchAll(refusal)].every(({ 0: said, index }) =>
        goesOn(said, start.slice(index + said.length)),
      ),
    );
  },
};
