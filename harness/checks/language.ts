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
  wanted: string;
  guess(text: string): string;
}

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
      return { wanted, guess: guesser() };
    }),
  holds({ wanted, guess }, text) {
    const found = guess(text);
    return found === UNDETERMINED || found === wanted;
  },
};

const UNDETERMINED = 'und';

/** Loaded by the first workload that asks for it: every other start is 30 ms shorter. */
function guesser(): Settings['guess'] {
  const { franc } = createRequire(import.meta.url)('franc') as typeof Franc;
  const only = [...LANGUAGES.values()];
  return (text) => franc(text, { only });
}
