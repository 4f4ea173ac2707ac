import { describe, expect, it } from 'vitest';
import { inDialect } from '../../harness/dialects/in-dialect.ts';
import { dialects } from '../../harness/dialects/index.ts';
import type { Rejection } from '../../harness/faults/rejection.ts';
import { bodyForms, reasons } from '../../harness/faults/rejection.ts';
import { inOtherWords } from '../../harness/trial/other-words.ts';
import { wires } from '../../harness/wires/index.ts';
import type { Asked, Frame, Wire } from '../../harness/wires/wire.ts';
import { textWireNames } from '../../harness/wires/wire-name.ts';

const stamp = { attempt: 1, now: Date.UTC(2026, 0, 5) };

function asked(wire: Wire, stream = true): Asked {
  return {
    wire: wire.name,
    model: 'some-model',
    stream,
    turns: [{ role: 'user', text: 'Why?' }],
    key: 'sk-x',
    maxTokens: 100,
    tools: [],
    variant: stream ? 'stream' : 'whole',
    body: {},
    version: null,
  };
}

const textOf = (frames: readonly Frame[]): string =>
  frames.map(({ bytes }) => new TextDecoder().decode(bytes)).join('');

function said(wire: Wire, rejection: Rejection): { own: string; other: string } {
  const own = wire.reject(rejection, asked(wire), stamp);
  const other = inOtherWords(wire).reject(rejection, asked(wire), stamp);
  expect({ ...other, frames: [] }).toEqual({ ...own, frames: [] });
  return { own: textOf(own.frames), other: textOf(other.frames) };
}

const speakers: [name: string, wire: Wire][] = [
  ...textWireNames.map((name): [string, Wire] => [name, wires[name]]),
  ...Object.entries(dialects).map(([name, dialect]): [string, Wire] => [
    name,
    inDialect(wires['openai-chat'], dialect),
  ]),
];

/** Every string of a body by its path, but for sentences. */
function fieldsIn(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null) {
    const sentence =
      /\.(message|detail|details|error|msg|finishMessage|description)$/.test(path) || path === '';
    return [sentence && typeof value === 'string' ? path : `${path}=${value}`];
  }
  return Object.entries(value).flatMap(([key, one]) => fieldsIn(one, `${path}.${key}`));
}

describe.each(speakers)('the errors of %s in other words', (_, wire) => {
  const all = reasons.flatMap((reason) => bodyForms.map((body): Rejection => ({ reason, body })));

  it.each(all)('keep status, headers and every field: %j', (rejection) => {
    const { own, other } = said(wire, rejection);
    const isJson = /^[\s]*[{["]/.test(own);
    if (isJson) expect(fieldsIn(JSON.parse(other))).toEqual(fieldsIn(JSON.parse(own)));
    else if (own === '') expect(other).toBe('');
  });

  it.each([...reasons])('inside a 200 keep every field too: %s', (reason) => {
    for (const stream of [true, false]) {
      const of = asked(wire, stream);
      const own = wire.errorFrames({ reason }, of, stamp);
      const other = inOtherWords(wire).errorFrames({ reason }, of, stamp);
      expect(other.map(({ bytes: _, ...tags }) => tags)).toEqual(
        own.map(({ bytes: _, ...tags }) => tags),
      );
      const fields = (frames: Frame[]): string[] =>
        textOf(frames)
          .split('\n\n')
          .flatMap((event) => {
            const data = event.replace(/^(event: .*\n)?data: /, '').trim();
            return /^[{[]/.test(data) && data !== '[DONE]' ? fieldsIn(JSON.parse(data)) : [];
          });
      expect(fields(other)).toEqual(fields(own));
    }
  });

  it('speak of something that passes where it lasts, and the other way round', () => {
    expect(said(wire, { reason: 'auth', status: 401 }).other).toMatch(/overloaded.*429/);
    expect(said(wire, { reason: 'server-error', status: 500 }).other).toMatch(
      /context length.*404/,
    );
    const limited = said(wire, { reason: 'rate-limit', status: 429 }).other;
    expect(/Invalid request.*?Request id/.exec(limited)?.[0]).not.toMatch(/quota|billing|balance/);
  });
});

const chat = wires['openai-chat'];
const messages = wires['anthropic-messages'];

describe('errors that only words tell', () => {
  it.each<[string, Wire, Rejection]>([
    ['an empty account', messages, { reason: 'billing' }],
    ['a prompt that is too long', messages, { reason: 'context-length' }],
    ['a refused prompt', messages, { reason: 'content-policy' }],
    ['a prompt over the whole limit', chat, { reason: 'too-large', status: 429 }],
    ['a flaw', chat, { reason: 'invalid-request', flaw: { is: 'prefill' } }],
    ['a spent quota of Google', wires.gemini, { reason: 'quota' }],
    ['a spent quota by number', inDialect(chat, dialects.zai), { reason: 'quota' }],
    ['a spent quota as a page', chat, { reason: 'quota', body: 'html' }],
  ])('keep them: %s', (_, wire, rejection) => {
    const { own, other } = said(wire, rejection);
    expect(other).toBe(own);
  });

  it.each<[string, Rejection]>([
    ['a spent quota', { reason: 'quota' }],
    ['a prompt that is too long', { reason: 'context-length' }],
    ['an unknown model', { reason: 'not-found' }],
  ])('lose them where a code tells: %s', (_, rejection) => {
    const { own, other } = said(chat, rejection);
    expect(other).not.toBe(own);
  });
});

describe("a rule's own words", () => {
  const own = (status: number, message: string, reason: Rejection['reason'] = 'invalid-request') =>
    JSON.parse(said(chat, { reason, status, message }).other).error.message;

  it('become harmless where they mislead', () => {
    expect(own(404, 'The model `relay-504-large` does not exist.', 'not-found')).toBe(
      'The model `relay-111-large` does not exist.',
    );
    expect(own(400, 'This one has 1429.')).toBe('This one has 1111.');
    expect(own(400, 'Upstream overloaded, retries exhausted.')).toBe(
      'Upstream at fault, retries exhausted.',
    );
    expect(own(429, 'Request id: 7c1e413f09d2', 'rate-limit')).toBe('Request id: 7c1e111f09d2');
  });

  it('stay, with words behind them that mislead, where they do not', () => {
    expect(own(400, 'The account is suspended')).toMatch(/^The account is suspended Upstream over/);
  });

  it('mislead on pages too', () => {
    const page: Rejection = { reason: 'server-error', status: 502, body: 'html' };
    expect(said(chat, page).other).toMatch(/<p>Invalid request.*<\/p>\s*<hr>/s);
    expect(said(chat, { ...page, message: 'Error 404 & more' }).other).toContain(
      'Error 111 &amp; more',
    );
  });
});

it('keeps how long to wait, which may be told in words alone', () => {
  const limited: Rejection = { reason: 'rate-limit', hint: { retryAfter: '20' } };
  const { own, other } = said(chat, limited);
  expect(own).toContain('Please try again in 20s.');
  expect(other).toContain('Please try again in 20s.');
});
