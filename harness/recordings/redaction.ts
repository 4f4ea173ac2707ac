// What must never reach the disk: keys, organisations, cookies and whatever a user names. A match
// is replaced by as many bytes of `*`, so that lengths, chunks and the rest of a body stay as they
// were.
import { LRUCache } from 'lru-cache';
import { keptHeaders } from '../importing/recorded-headers.ts';
import type { Headers, Sent } from './own-words.ts';
import { ownWords } from './own-words.ts';

/** Ids that providers put into messages, wherever they stand. */
const accounts =
  /\borg-(?=[a-z]*[0-9A-Z])[A-Za-z0-9]{12,}|\bproj_[A-Za-z0-9]{12,}|\bsk-[A-Za-z0-9_*-]{16,}/g;

/** Shorter ones may well be a word of an answer. */
const shortest = 8;
const shortestPacked = 10;

/** Every response may bring ids of its own; those of long ago are repeated by nobody. */
const mostLearnt = 4_096;

export class Redaction {
  readonly #given = new Set<string>();
  readonly #learnt = new LRUCache<string, true>({ max: mostLearnt });
  /** Longer ones first: one may be the beginning of another. Null: something was added. */
  #sorted: readonly string[] | null = null;
  readonly #patterns: readonly RegExp[];

  /** `patterns`: of the user, with the flag g. */
  constructor(secrets: readonly string[], patterns: readonly RegExp[]) {
    this.#patterns = [accounts, ...patterns];
    for (const secret of secrets) this.add(secret);
  }

  /** It is masked from now on, also as URLs, JSON and base64 write it. */
  add(secret: string): void {
    for (const form of formsOf(secret)) this.#given.add(form);
    this.#sorted = null;
  }

  /** What a request says of who sends it, and a response of the account behind it. */
  learn(request: Sent, response: Headers): void {
    for (const word of ownWords(request)) this.#learn(word);
    const kept = new Set(keptHeaders(response, request.headers).map(([name]) => name));
    for (const [name, value] of response) {
      if (kept.has(name)) continue;
      // Of a cookie its value: what stands behind it are words like HttpOnly.
      const isCookie = /cookie/i.test(name);
      this.#learn(isCookie ? value.replace(/;.*$/s, '').replace(/^[^=]*=/, '') : value);
    }
  }

  #learn(secret: string): void {
    for (const form of formsOf(secret)) {
      if (!this.#learnt.has(form)) this.#sorted = null;
      this.#learnt.set(form, true);
    }
  }

  #all(): readonly string[] {
    if (!this.#sorted) {
      const known = new Set([...this.#given, ...this.#learnt.keys()]);
      this.#sorted = [...known].sort((a, b) => b.length - a.length);
    }
    return this.#sorted;
  }

  text(text: string): string {
    let masked = text;
    for (const secret of this.#all()) {
      if (masked.includes(secret)) masked = masked.replaceAll(secret, stars);
    }
    for (const pattern of this.#patterns) masked = masked.replace(pattern, stars);
    return masked;
  }

  /** Bytes that are no UTF-8 are looked at one by one. */
  bytes(bytes: Uint8Array): Uint8Array {
    const given = Buffer.from(bytes);
    const text = given.toString('utf8');
    const isText = Buffer.from(text, 'utf8').equals(given);
    return isText
      ? Buffer.from(this.text(text), 'utf8')
      : Buffer.from(this.text(given.toString('latin1')), 'latin1');
  }

  headers(response: Headers, request: Headers): [name: string, value: string][] {
    return keptHeaders(response, request).map(([name, value]) => [name, this.text(value)]);
  }
}

/** As it stands, and as URLs, JSON and base64 write it. */
function formsOf(secret: string): string[] {
  if (secret.length < shortest) return [];
  const inJson = JSON.stringify(secret).slice(1, -1);
  return [secret, encodeURIComponent(secret), inJson, ...packedForms(secret)];
}

/** What base64 makes of it, wherever in what is packed: without what its neighbours decide. */
function packedForms(secret: string): string[] {
  return [0, 1, 2].flatMap((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(secret)]);
    const own = bytes.toString('base64').slice(0, Math.floor((bytes.length * 8) / 6));
    const core = own.slice(Math.ceil((before * 8) / 6));
    return core.length >= shortestPacked ? [core] : [];
  });
}

function stars(found: string): string {
  return '*'.repeat(Buffer.byteLength(found));
}
