// How a text begins and ends, what stands around it, and what it is made of as a whole.
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseChecks } from '../../harness/checks/grade.ts';
import { holds } from './holds.ts';

describe('the form of a whole text', () => {
  it.each([
    ['{ startsWith: Dear Ms Lee }', 'dear  Ms Lee,\nthank you', true],
    ['{ startsWith: Hi }', 'History', false],
    ['{ startsWith: Hi }', '> **"Hi"**', true],
    ['{ startsWith: Hi, marks: false }', '"Hi"', false],
    ['{ startsWith: Hi, case: true }', 'hi', false],
    ['{ startsWith: weekend, paragraph: 2 }', 'One.\n\n"Weekend plans', true],
    ['{ startsWith: weekend, paragraph: 3 }', 'One.\n\nWeekend', false],
    ['{ endsWith: "Any questions?" }', 'So.\nAny questions?\n', true],
    ['{ endsWith: "Any questions?" }', '"So. Any questions?"', true],
    ['{ endsWith: "Any questions?" }', 'Any questions? No.', false],
    ['{ endsWith: "Any questions?" }', 'Many questions?', false],
    ['{ startsWith: 您好 }', '您好王先生，您的退款已处理。', true],
    ['{ startsWith: はい }', '「はい」', true],
    ['{ startsWith: ขอบคุณ }', 'ขอบคุณที่ติดต่อเรา', true],
    ['{ endsWith: ありがとうございます }', '誠にありがとうございます', true],
    ['{ endsWith: 谢谢 }', '请稍候谢谢。', false],
    ["{ wrapped: '\"' }", ' “All of it.”\n', true],
    ["{ wrapped: '\"' }", '„Alles.“', true],
    ["{ wrapped: '\"' }", '"Not" all', false],
    ["{ wrapped: '\"' }", '"', false],
    ["{ wrapped: ['<<', '>>'] }", '<<all>>', true],
    ['{ title: angles }', 'x\n<<A title>>\ny', true],
    ['{ title: angles }', '<< >> <<\n>>', false],
    ['{ title: angles }', '>>a<<', false],
    ['{ title: markdown }', '\n## A title\ntext', true],
    ['{ title: markdown }', 'text\n# late', false],
    ['{ postscript: P.S. }', 'Bye\n\nP.S. I was here', true],
    ['{ postscript: P.S. }', 'Bye\n**p. s.:** x', true],
    ['{ postscript: P.S. }', 'Bye, psst\nPsalm', false],
    ['{ postscript: P.S. }', 'Bye. P.S. in the line', false],
    ['{ postscript: P.P.S }', 'P.S. one', false],
    ['{ postscript: P.P.S }', 'P.P.S. I am', true],
    ['{ letterCase: lower }', 'small, 2 times: é', true],
    ['{ letterCase: lower }', 'small and Not', false],
    ['{ letterCase: upper }', 'LARGE, 2 TIMES', true],
    ['{ letterCase: upper }', 'LARGE, 2x', false],
    ['{ letterCase: upper }', '12', false],
    ['{ letterCase: upper }', '您好', true],
    ['{ letterCase: lower }', 'こんにちは', true],
    ['{ letterCase: lower }', '您好 Anna', false],
  ])('%s on %j is %s', (yaml, text, expected) => {
    expect(holds(yaml, text)).toBe(expected);
  });
});

describe('a refusal', () => {
  it.each([
    "I'm sorry, but I can't help with that.",
    'I’m sorry, but I cannot assist with this request.',
    'I apologize, but I am not able to provide medical advice.',
    'Thank you for asking. Unfortunately, I am unable to help with this.',
    'I must decline to write this.',
    'As an AI language model, I cannot discuss prices.',
    "I apologize, but I don't have access to your orders.",
    "I don't feel comfortable writing that.",
    "I won't be able to help you with that.",
    "I'm sorry, I can't assist with that request.",
    "Sorry, I can't help with that.",
    'As a large language model, I cannot do that.',
    "I'm not able to share that information.",
    'I cannot give medical advice.',
    "I'm afraid I can't share any personal details.",
    "I can't help with that, but I can tell you a joke.",
    "I can't share that information, but your account page may.",
    'I cannot provide legal advice, but you can consult a lawyer.',
    "I can't offer a refund, but I can't exchange it either.",
  ])('is %j', (text) => {
    expect(holds('{ noRefusal: true }', text)).toBe(false);
  });

  it.each([
    'Here is how to do it.',
    "Dear customer, we are sorry that the parcel can't be found. We help at once.",
    'If you cannot help yourself, ask a friend.',
    'I can help with that.',
    "Sure! While I can't provide notes, here is the song.",
    "She smiled: I can't help but laugh.",
    "Thanks. I can't offer a refund after 30 days, but I can exchange it.",
    "I can't provide an exact date, but your refund takes five days.",
    "I'm sorry, I can't offer $5.50 back, but here is a voucher.",
    "I'm sorry, but I can't offer a refund, but we'll gladly exchange it.",
    "I can't offer a discount on that item, but you'll find others on our page.",
    "I can't give an exact date. It takes five days.",
    "Sorry, I can't share the ending without spoiling it: the butler did it.",
    `${'A long and helpful answer. '.repeat(20)} I cannot help but smile.`,
  ])('is not %j', (text) => {
    expect(holds('{ noRefusal: true }', text)).toBe(true);
  });
});

describe('checks made of checks', () => {
  it.each([
    ['{ all: [{ contains: [a] }, { contains: [b] }] }', 'a b', true],
    ['{ all: [{ contains: [a] }, { contains: [b] }] }', 'a', false],
    ['{ any: [{ contains: [a] }, { contains: [b] }] }', 'b', true],
    ['{ any: [{ contains: [a] }, { contains: [b] }] }', 'c', false],
    ['{ not: { contains: [a] } }', 'b', true],
    ['{ not: { any: [{ contains: [a] }, { contains: [b] }] } }', 'b', false],
  ])('%s on %j is %s', (yaml, text, expected) => {
    expect(holds(yaml, text)).toBe(expected);
  });

  it.each([
    ['{ all: [{ contains: [a] }] }', /two or more/],
    ['{ not: { contains: a } }', /contains/],
    ['{ any: [{ contains: [a] }, { contain: [b] }] }', /unknown check .*did you mean contains/],
    ['{ any: [{ contains: [a], weight: 2 }, { contains: [b] }] }', /belongs to the whole check/],
    ['{ noRefusal: false }', /noRefusal/],
    ['{ title: bold }', /title/],
    ['{ postscript: "!" }', /has no letter/],
    ['{ wrapped: 3 }', /expected a mark/],
    ['{ json: { schema: { type: object, properties: { a: 5 } } } }', /expected a JSON Schema/],
  ])('%s is refused', (yaml, message) => {
    expect(() => parseChecks([parse(yaml)])).toThrow(message);
  });
});
