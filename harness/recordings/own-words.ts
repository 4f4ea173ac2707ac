// What a request says of who sends it: keys, cookies, accounts, ids of users. Looked for in
// headers, in the query and in every field of a body but the conversation: that is the user's text.
import { parsed } from '../parsed-json.ts';
import { record } from '../wires/json.ts';

export type Headers = readonly (readonly [name: string, value: string])[];

/** A request as far as somebody could be known by it. */
export interface Sent {
  headers: Headers;
  /** Absolute. */
  url?: string;
  /** As it was sent; null: none. */
  body?: string | null;
}

/** Headers by which a request shows whose it is. */
const ownHeader = /authorization|api-?key|cookie|token|secret|organi[sz]ation|project|workspace/i;
/** Parameters and fields that are credentials, or name a person or an account. */
const ownField = /api_?key|authorization|secret|password|(?:^|_|access|auth)token$|signature/i;
const ownParameter = /^(?:key|sig|code)$/i;
const personField = /^(?:user|user_?id|safety_identifier|prompt_cache_key|end_user.*)$/i;
/** Members whose own members are all of the sender's making. */
const ownMembers = /^(?:metadata|headers|labels)$/i;
/** What is said, and which model is asked. */
const conversation =
  /^(?:messages|contents|input|prompt|system|system_?instruction|instructions|model)$/i;

/** The values, whole and in their parts: where any of them stands, it is to be masked. */
export function ownWords({ headers, url, body }: Sent): string[] {
  const words: string[] = [];
  for (const [name, value] of headers) {
    words.push(...(ownHeader.test(name) ? inHeader(value) : randomIn(value)));
  }
  if (url !== undefined && URL.canParse(url)) words.push(...inUrl(new URL(url)));
  const members = record(body ? parsed(body) : null);
  for (const [name, value] of Object.entries(members ?? {})) {
    if (!conversation.test(name)) words.push(...inField(name, value));
  }
  return words;
}

/** Schemes are shorter than anything that is masked. */
function inHeader(value: string): string[] {
  const parts = value.split(/[\s;,]+/);
  const values = parts
    .filter((part) => part.includes('='))
    .map((part) => part.replace(/^.*?=/, ''));
  return [...parts, ...values, ...basic(value)].filter((part) => !placeholder.test(part));
}

/** What recorders write in the place of a key. */
const placeholder = /^\W*(?:redacted|filtered|removed|hidden|masked|scrubbed|placeholder)\W*$/i;

/** The name and the password that Basic authentication packs. */
function basic(value: string): string[] {
  const packed = /^basic\s+(\S+)$/i.exec(value)?.[1];
  if (packed === undefined) return [];
  const text = Buffer.from(packed, 'base64').toString('utf8');
  const cut = text.indexOf(':');
  return [text, text.slice(cut + 1)];
}

function inUrl({ searchParams, username, password, pathname }: URL): string[] {
  const query = [...searchParams].flatMap(([name, value]) =>
    [ownField, ownHeader, ownParameter].some((one) => one.test(name)) ? [value] : randomIn(value),
  );
  return [username, password, ...query, ...randomIn(pathname.replaceAll('/', ' '))];
}

function inField(name: string, value: unknown): string[] {
  if (typeof value === 'string') {
    const isOwn = ownField.test(name) || personField.test(name);
    return isOwn ? [value, ...value.split(/[\s;,]+/)] : randomIn(value);
  }
  if (Array.isArray(value)) return value.flatMap((one) => inField(name, one));
  const members = Object.entries(record(value) ?? {});
  if (!ownMembers.test(name)) return members.flatMap(([key, one]) => inField(key, one));
  return members.flatMap(([key, one]) => (typeof one === 'string' ? [one] : inField(key, one)));
}

/** Words that nobody makes up: a long run of letters and digits, mixed. */
function randomIn(text: string): string[] {
  return text.split(/[\s;,="'()<>]+/).filter((word) => {
    const runs = word.match(/[A-Za-z0-9]{12,}/g) ?? [];
    return runs.some((run) => /\d.*\d/.test(run) && /[A-Za-z].*[A-Za-z]/.test(run));
  });
}
