// An answer with words of another language in the place of its own. They are authored, and no
// translation: what the answer says is gone. What is no word stays: numbers, ids, addresses, and
// the structure of JSON with its keys.
import { parsed } from '../parsed-json.ts';
import type { Rng } from '../rng.ts';

/** Words without a meaning together; one language an answer, as whoever gets it would see. */
const languages: readonly (readonly string[])[] = [
  ['заказ', 'можно', 'сегодня', 'через', 'данные', 'и', 'наш', 'страница', 'после', 'спасибо'],
  ['สวัสดี', 'ขอบคุณ', 'สินค้า', 'และ', 'วันนี้', 'บัญชี', 'ของ', 'หน้า', 'หลังจาก', 'ได้'],
  ['您好', '谢谢', '订单', '和', '今天', '账户', '页面', '之后', '可以', '我们'],
];

const jsonString = /("(?:[^"\\]|\\.)*")(\s*:)?/gs;
const fenced = /(```(?:json)?\s*\n)(.*?)(\n\s*```)/gs;
/** Between blanks and what encloses words. */
const unit = /[^\s()[\]{}"“”„`,;|*]+/gu;
/** Numbers and ids, addresses of pages, files and people: whatever is not spoken. */
const isName = /[\d_@=<>]|:\/\/|\p{L}{2}\.\p{L}{2}/u;
const word = /\p{L}[\p{L}\p{M}]*(?:['’]\p{L}+)*/gu;

export function inOtherLanguage(text: string, rng: Rng): string {
  const words = languages[rng.int(languages.length)] ?? [];
  const other = (): string => words[rng.int(words.length)] ?? '';
  const spoken = (part: string): string =>
    part.replace(unit, (one) => (isName.test(one) ? one : one.replace(word, other)));
  const inJson = (json: string): string =>
    json.replace(jsonString, (all, value: string, colon?: string) =>
      colon === undefined ? JSON.stringify(spoken(JSON.parse(value))) : all,
    );
  if (isJson(text)) return inJson(text);
  let result = '';
  let end = 0;
  for (const { 0: block, 1: open = '', 2: body = '', 3: close = '', index } of text.matchAll(
    fenced,
  )) {
    result += spoken(text.slice(end, index)) + open + (isJson(body) ? inJson(body) : spoken(body));
    result += close;
    end = index + block.length;
  }
  return result + spoken(text.slice(end));
}

function isJson(text: string): boolean {
  return parsed(text) !== undefined;
}
