// The check for the language of an answer. franc tells it by the script and by groups of three
// letters; it is asked among the languages of this list only, since it knows many more that it
// mistakes common ones for.
import { createRequire } from 'node:module';
import type * as Franc from 'franc';
import { z } from 'zod';
import { unknownWord } from '../scenario/nearest.ts';
import type { Check } from './check.ts';

/** ISO 639-1, as it is written in a workload, and what franc calls it. */
const LANGUAGES = new Map(
  `
    af:afr am:amh ar:arb az:azj be:bel bg:bul bn:ben ca:cat cs:ces da:dan de:deu el:ell en:eng
    es:spa et:ekk fa:pes fi:fin fr:fra gu:guj ha:hau he:heb hi:hin hr:hrv hu:hun hy:hye id:ind
    it:ita ja:jpn jv:jav ka:kat kk:kaz km:khm kn:kan ko:kor lo:lao lt:lit lv:lvs mk:mkd ml:mal
    mr:mar ms:zlm my:mya ne:npi nl:nld no:nob pa:pan pl:pol ps:pbu pt:por ro:ron ru:rus si:sin
    sk:slk sl:slv so:som sq:als sr:srp sv:swe sw:swh ta:tam te:tel th:tha tl:tgl tr:tur uk:ukr
    ur:urd uz:uzn vi:vie yo:yor zh:cmn zu:zul
  `
    .trim()
    .split(/\s+/)
    .map((pair): [string, string] => {
      const [code = '', name = ''] = pair.split(':');
      return [code, name];
    }),
);

interface Settings {
  /** Between 0 and 1, the likeliest 1; null where there is nothing to tell it by. */
  likeness(text: string): number | null;
}

/**
 * How near to the likeliest language a text must be, by its length in characters. In short ones the
 * groups of letters tell little: of English texts of 25, 50, 120 and 300 characters (slices of the
 * recorded answers to IFEval), franc takes 38, 16, 3 and 1 in a hundred for something else, but
 * nearly all stay above these.
 */
const NEAR_ENOUGH: readonly [below: number, score: number][] = [
  [40, 0.6],
  [120, 0.75],
  [300, 0.95],
];

export const language: Check<Settings> = {
  kind: 'language',
  describe: 'the text is in this language; a text too short to tell is in any',
  example: '{ language: de }',
  settings: z
    .strictObject({
      language: z.string().describe('Its code of two letters (ISO 639-1), like en or pt.'),
    })
    .transform((raw, ctx): Settings => {
      const wanted = LANGUAGES.get(raw.language);
      if (wanted === undefined) {
        const message = unknownWord('language', raw.language, [...LANGUAGES.keys()]);
        ctx.addIssue({ code: 'custom', path: ['language'], message });
        return z.NEVER;
      }
      return { likeness: likenessTo(wanted) };
    }),
  holds({ likeness }, text) {
    const own = text.trim();
    const score = likeness(own);
    // No letters to speak of, or a script that no language of the list is written in.
    if (score === null) return (own.match(/\p{L}/gu)?.length ?? 0) < FEW;
    const [, enough] = NEAR_ENOUGH.find(([below]) => own.length < below) ?? [0, 1];
    return score >= enough;
  },
};

/** So many letters franc wants to see. */
const FEW = 10;

/** franc is loaded by the first workload that asks for it: other starts are 30 ms shorter. */
function likenessTo(wanted: string): Settings['likeness'] {
  const { francAll } = createRequire(import.meta.url)('franc') as typeof Franc;
  const only = [...LANGUAGES.values()];
  return (text) => {
    const found = francAll(text, { only, minLength: FEW });
    if (found[0]?.[0] === 'und') return null;
    return found.find(([name]) => name === wanted)?.[1] ?? 0;
  };
}
