// The errors of a wire in other words: what the twin `words` hears. Everything that a machine can
// read stays as it is: status, code, type, headers, the form of the body. Errors whose class only
// their words tell keep them, because a chain may have to read those.
import type { Reason, Rejection } from '../faults/rejection.ts';
import { escaped } from '../wires/gateway.ts';
import type { Frame, Reply, Wire } from '../wires/wire.ts';
import { isTold } from './told-by-fields.ts';

/** A wire whose errors say what misleads, or, where a rule has them do so, what does not. */
export function inOtherWords(wire: Wire): Wire {
  return {
    ...wire,
    reject(rejection, asked, stamp) {
      const reply = wire.reject(rejection, asked, stamp);
      return { ...reply, frames: rejectionFrames(reply, rejection) };
    },
    errorFrames(rejection, asked, stamp, sent, form) {
      const frames = wire.errorFrames(rejection, asked, stamp, sent, form);
      return frames.map((frame) => reworded(frame, rejection, null));
    },
  };
}

const decoder = new TextDecoder();
const encoder = new TextEncoder();

function rejectionFrames({ frames, status }: Reply, rejection: Rejection): Frame[] {
  return frames.map((frame) => {
    const text = decoder.decode(frame.bytes);
    // By its look: what is sent in the place of a stream may have the type of one.
    if (/^\s*[{["]/.test(text)) return reworded(frame, rejection, status);
    if (!isTold(rejection, status, '')) return frame;
    const isPage = /^\s*</.test(text);
    const said = isPage ? pageSaying(text, rejection) : otherWords(text, rejection);
    return { ...frame, bytes: encoder.encode(said) };
  });
}

/** `status` null: inside a 200. */
function reworded(frame: Frame, rejection: Rejection, status: number | null): Frame {
  const text = decoder.decode(frame.bytes);
  if (frame.role !== 'error' || !isTold(rejection, status, text)) return frame;
  const said = text
    .replace(messages, (_, key: string, value: string) => key + inJson(value, rejection))
    .replace(bareString, (_, before: string, value: string) => before + inJson(value, rejection));
  return { ...frame, bytes: encoder.encode(said) };
}

/** Members that hold sentences, wherever they stand. */
const messages =
  /("(?:message|detail|details|error|msg|finishMessage)"\s*:\s*)("(?:[^"\\]|\\.)*")/g;
/** A body that is a JSON string and no more. */
const bareString = /^(\s*)("(?:[^"\\]|\\.)*")(?=\s*$)/;

function inJson(value: string, rejection: Rejection): string {
  const sentence: unknown = JSON.parse(value);
  return typeof sentence === 'string' ? JSON.stringify(otherWords(sentence, rejection)) : value;
}

/** A page says the same, and a line more; what a rule wrote on it may be what misleads. */
function pageSaying(page: string, rejection: Rejection): string {
  const { message } = rejection;
  if (message !== undefined && misleads(message, rejection)) {
    return page.replace(escaped(message), escaped(harmless(message, rejection)));
  }
  const line = `<p>${misleading(rejection)}</p>\n`;
  const end = page.search(/<hr|<\/body/i);
  const at = end < 0 ? page.length : end;
  return page.slice(0, at) + line + page.slice(at);
}

function otherWords(sentence: string, rejection: Rejection): string {
  const { message } = rejection;
  if (message === undefined) return [misleading(rejection), waitIn(sentence)].join(' ').trim();
  // The provider's own words around those of the rule stay, as those of a gateway do.
  if (!sentence.includes(message)) return sentence;
  return misleads(message, rejection)
    ? sentence.replace(message, harmless(message, rejection))
    : `${sentence} ${misleading(rejection)}`;
}

/** How long to wait may be read from a sentence where no header says it: no class is. */
function waitIn(sentence: string): string {
  const wait = /(?:please )?(?:try again|retry|wait|come back)[^.]*?\b\d[\w.]*(?: ?[a-z]+\b)?/i;
  const found = wait.exec(sentence)?.[0];
  return found === undefined ? '' : `${found.replace(/\.$/, '')}.`;
}

/** Reasons that no repetition cures. */
const lasting: ReadonlySet<Reason> = new Set([
  'quota',
  'billing',
  'auth',
  'permission',
  'not-found',
  'invalid-request',
  'context-length',
  'content-policy',
  'too-large',
]);

// No quota and no balance: they share a status with rate limits, and words may have to tell them.
const ofLasting =
  'Invalid request: maximum context length exceeded, prompt is too long. Invalid API key, model ' +
  'not found (400, 401, 404, 413). Request id: 7c1e413f0a400401.';
const ofPassing =
  'Upstream overloaded, rate limit reached, service temporarily unavailable: timed out ' +
  '(429, 503). Request id: 7c1e4290a503529f.';

function misleading({ reason }: Rejection): string {
  return lasting.has(reason) ? ofPassing : ofLasting;
}

const passingWords =
  /over(?:loaded| capacity)|rate.?limit\w*|too many requests|(?:temporarily )?unavailable|time(?:d )?.?out|(?:internal )?server error/gi;
const lastingWords =
  /(?:maximum )?context (?:length|window)|too (?:long|large)|invalid (?:request|api.?key)|bad request|not found|unauthori[sz]ed|forbidden/gi;
const statuses = /40[0-5]|40[89]|41[03]|42[2459]|50[0-4]|52[0-9]|530/g;

/** Words of another class in the words of a rule, or digits that look like another status. */
function misleads(message: string, rejection: Rejection): boolean {
  return harmless(message, rejection) !== message;
}

/** The same with nothing in it that speaks for another class. */
function harmless(message: string, { reason, status }: Rejection): string {
  const words = lasting.has(reason) ? passingWords : lastingWords;
  return message
    .replace(words, 'at fault')
    .replace(statuses, (digits) => (digits === String(status) ? digits : '111'));
}
