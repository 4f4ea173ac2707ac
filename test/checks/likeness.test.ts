// The checks that measure: which language a text is in, how near it comes to a reference.
import { Levenshtein } from 'autoevals';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseChecks } from '../../harness/checks/grade.ts';
import { folded } from '../../harness/checks/text.ts';
import { holds } from './holds.ts';

const said: Readonly<Record<string, string>> = {
  en: 'Your parcel left our warehouse this morning and should be with you by Thursday evening.',
  de: 'Ihr Paket hat heute Morgen unser Lager verlassen und sollte bis Donnerstag bei Ihnen sein.',
  es: 'Su paquete salió de nuestro almacén esta mañana y debería llegar antes del jueves por la tarde.',
  fr: 'Votre colis a quitté notre entrepôt ce matin et devrait vous parvenir avant jeudi soir.',
  ru: 'Ваша посылка сегодня утром покинула наш склад и должна прийти к вам до вечера четверга.',
  hi: 'आपका पार्सल आज सुबह हमारे गोदाम से निकल गया है और गुरुवार शाम तक आपके पास पहुँच जाना चाहिए।',
  ar: 'غادر طردك مستودعنا هذا الصباح ومن المفترض أن يصل إليك بحلول مساء يوم الخميس.',
  zh: '您的包裹今天早上已经离开我们的仓库，预计星期四晚上之前送达您的手中。',
  th: 'พัสดุของคุณออกจากคลังสินค้าของเราเมื่อเช้านี้และน่าจะถึงคุณภายในเย็นวันพฤหัสบดี',
};

describe('the language of a text', () => {
  const pairs = Object.keys(said).flatMap((code) =>
    Object.keys(said).map((asked): [string, string] => [code, asked]),
  );

  it.each(pairs)('of some length that is in %s, asked for %s', (code, asked) => {
    const text = `${said[code]}\n`.repeat(4);
    expect(holds(`{ language: ${asked} }`, text)).toBe(code === asked);
  });

  it.each(Object.entries(said))('of one sentence in %s: %s', (code, text) => {
    expect(holds(`{ language: ${code} }`, text)).toBe(true);
    expect(holds('{ language: ko }', text)).toBe(false);
  });

  it.each([
    ['Das Wetter ist heute ausgezeichnet.', 'en', false],
    ['cat was too busy watching the birds outside.', 'en', true],
    ['TRANSIT ANALYTICS SOLUTIONS', 'en', true],
    ['สวัสดี ขอบคุณ สินค้า', 'en', false],
  ])('of a few words is asked for leniently: %s in %s is %s', (text, code, expected) => {
    expect(holds(`{ language: ${code} }`, text)).toBe(expected);
  });

  it.each(['42', 'Oslo, 7.', '{"n": 1234567890123}'])(
    'cannot be told of %j: any will do',
    (text) => {
      expect(holds('{ language: de }', text)).toBe(true);
    },
  );

  it('is none of those that are known where the script is none of theirs', () => {
    expect(holds('{ language: en }', 'ᐃᓄᒃᑎᑐᑦ ᐅᖃᐅᓯᖅ ᐱᐅᔪᖅ')).toBe(false);
  });

  it('is written as a code that is known', () => {
    expect(() => parseChecks([parse('{ language: english }')])).toThrow(/unknown language/);
  });
});

describe('a text like a reference', () => {
  it.each([
    ['{ similar: "The parcel leaves on Monday." }', 'the  parcel leaves on\nMonday', true],
    ['{ similar: "The parcel leaves on Monday." }', 'The parcel leaves on Friday, we hope.', false],
    ['{ similar: "abcd", atLeast: 0.75 }', 'abcx', true],
    ['{ similar: "abcd", atLeast: 0.76 }', 'abcx', false],
    ['{ similar: "ABCD", atLeast: 1, case: true }', 'abcd', false],
    ['{ similar: "abcd" }', '', false],
  ])('%s on %j is %s', (yaml, text, expected) => {
    expect(holds(yaml, text)).toBe(expected);
  });

  it('is as near as the scorer of autoevals finds it', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(text, text, fc.double({ min: 0.1, max: 1, noNaN: true }), (one, other, least) => {
        const score = Levenshtein({ output: folded(other), expected: folded(one) });
        if (score instanceof Promise) throw new Error('no synchronous scorer');
        const check = parseChecks([{ similar: one, atLeast: least }])[0];
        expect(check?.holds(other)).toBe((score.score ?? 0) >= least);
      }),
    );
  });

  it('has a reference that can be compared in no time', () => {
    expect(() => parseChecks([{ similar: 'x'.repeat(4001) }])).toThrow(/at most 4000/);
    expect(() => parseChecks([{ similar: 'x', atLeast: 0 }])).toThrow(/atLeast/);
  });
});
