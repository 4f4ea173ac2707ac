// What the kinds that count take for one: a sentence, a paragraph, a section and so on.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseChecks } from '../../harness/checks/grade.ts';
import { sentenceCount } from '../../harness/checks/sentences.ts';
import { holds } from './holds.ts';

describe('sentences', () => {
  it.each([
    ['', 0],
    ['...', 0],
    ['One', 1],
    ['One. Two! Three?', 3],
    ['One.Two', 1],
    ['It costs 3.50 now. Pay.', 2],
    ['Ask Dr. Smith, e.g. today. He is in.', 2],
    ['We have apples, pears, etc. and more. Take some, etc. Then go.', 3],
    ['He left at 5 p.m. Then it rained.', 2],
    ['J. R. Green wrote it.', 1],
    ['"Really?" he asked. "Yes!" She left.', 3],
    ['“Really?” he asked.', 1],
    ['Well... yes. Well... No.', 3],
    ['no capitals. none at all! none? none.', 4],
    ['# Heading\n\nOne line\nand another. End', 2],
    ['1. First.\n2. Second.\n3. Third.', 3],
    ['**1.** First. *Second.* (Third.)', 3],
    ['Section 12. Then more.', 2],
    ['今日は晴れ。 明日は雨！', 2],
    ['今日は晴れです。明日は雨です。', 2],
    ['您好！您的退款已处理。请等待五天', 3],
    ['「はい。」と言った。次に行く。', 2],
    ['「はい。」「いいえ。」', 2],
    ['यह एक है। यह दो है।', 2],
    ['🎉. Done.', 2],
    ['It is sent! 🎉', 1],
    ['It is sent. 👍🏽 🇩🇪\n', 1],
    ['It is sent! 🎉 Then wait', 2],
    ['🎉', 1],
  ])('of %j are %i', (text, expected) => {
    expect(sentenceCount(text)).toBe(expected);
  });

  it('are as many as were written', () => {
    const word = fc.constantFrom('parcel', 'today', 'leaves', 'NASA', 'twelve', 'Ümit', '4000');
    const sentence = fc
      .tuple(fc.array(word, { minLength: 2, maxLength: 6 }), fc.constantFrom('.', '!', '?'))
      .map(([all, mark]) => `The ${all.join(' ')}${mark}`);
    const between = fc.constantFrom(' ', '\n', '\n\n', '  ');
    fc.assert(
      fc.property(fc.array(sentence, { maxLength: 12 }), between, (all, space) => {
        expect(sentenceCount(all.join(space))).toBe(all.length);
      }),
    );
  });
});

describe('what is counted', () => {
  it.each([
    ['{ sentences: { max: 2 } }', 'One. Two.', true],
    ['{ sentences: { max: 1 } }', 'One. Two.', false],
    ['{ paragraphs: { min: 2, max: 2 } }', 'One\nline\n\n\nTwo\n', true],
    ['{ paragraphs: { min: 2 } }', 'One\nTwo', false],
    ["{ parts: { divider: '***', min: 2, max: 2 } }", '***\nOne\n***\nTwo', true],
    ["{ parts: { divider: '***', min: 2, max: 2 } }", 'One\n***\n***\nTwo', false],
    ["{ parts: { divider: '***', min: 2 } }", 'One', false],
    ["{ parts: { divider: '******', min: 2, max: 2, different: true } }", 'A ****** B', true],
    ["{ parts: { divider: '******', min: 2, max: 2, different: true } }", 'A ****** a ', false],
    ['{ sections: { min: 2, max: 2 } }', '# One\ntext\n## Two\n#tag', true],
    ['{ sections: { min: 1 } }', 'One\ntext', false],
    ['{ sections: { min: 2, max: 2 } }', '# a\n```sh\n# comment\n```\n# b', true],
    ['{ sections: { min: 1, max: 1 } }', '~~~\n# x\n```\n# y\n~~~\n# b', true],
    ['{ sections: { min: 2, max: 2 } }', '```markdown\n# a\n# b\n```', true],
    ['{ sections: { min: 2, max: 2 } }', '# a\n```\n# b', true],
    ['{ sections: { heading: Section, min: 2 } }', '"Section 1\n..\n**Section 2:** x', true],
    ['{ sections: { heading: Section, min: 2 } }', 'Section 1\nas Section 2 says', false],
    ['{ sections: { heading: Section, min: 1 } }', 'SECTION 1', false],
    ['{ highlights: { min: 3, max: 3 } }', '*a b*, **c** and ***d***', true],
    ['{ highlights: { max: 0 } }', '* item\n* item\n3 * 4 * 5 **', true],
    ['{ highlights: { min: 1 } }', '*not\non one line*', false],
    ['{ placeholders: { min: 2, max: 2 } }', 'Dear [name], [date] [ ] []', true],
    ['{ placeholders: { max: 0 } }', 'Dear [name]', false],
    ['{ placeholders: { max: 0 } }', 'Dear[name]', false],
    ['{ placeholders: { max: 0 } }', '[Your link](URL)', false],
    ['{ placeholders: { max: 0 } }', 'Write X for [X]', false],
    ['{ placeholders: { max: 0 } }', 'See [our policy](https://x.y/z), [why](#why).', true],
    ['{ placeholders: { max: 0 } }', 'Done:\n- [x] refund\n- [ ] mail\n1. [X] call', true],
    ['{ placeholders: { max: 0 } }', 'Rates rose [1] in 2024 [2, 3], they say [^4].', true],
    ['{ placeholders: { max: 0 } }', 'use arr[0], rows[i][j] and order["id"]', true],
    ['{ placeholders: { min: 1 } }', 'Dear [name\n]', false],
    ['{ capitalWords: { min: 4, max: 4 } }', 'I saw (NASA), U.S. and B2B, e.g. Nasa', true],
    ['{ capitalWords: { max: 1 } }', 'NO WAY', false],
    ['{ frequency: { of: story, min: 2, max: 2 } }', 'Story, storyline', true],
    ['{ frequency: { of: story, min: 2 }, whole: true }', 'Story, storyline', false],
    ['{ frequency: { of: Story, min: 1 }, case: true }', 'story', false],
    ['{ frequency: { of: "#", min: 2 } }', '#one #two', true],
    ['{ frequency: { of: "\\u00ad", max: 0 } }', 'a\u00adb', true],
    ['{ frequency: { of: o, max: 2 } }', 'Oh, hello over', false],
  ])('%s on %j is %s', (yaml, text, expected) => {
    expect(holds(yaml, text)).toBe(expected);
  });

  it.each([
    '{ sentences: {} }',
    '{ paragraphs: { min: 3, max: 2 } }',
    '{ parts: { min: 2 } }',
    '{ frequency: { of: "", min: 1 } }',
    '{ highlights: 3 }',
    '{ bullets: { max: 0, marks: ["#"] } }',
  ])('cannot be asked for as %s', (yaml) => {
    expect(() => parseChecks([parse(yaml)])).toThrow();
  });
});
