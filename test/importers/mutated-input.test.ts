import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../harness/errors.ts';
import type { Importer } from '../../harness/importers/importer.ts';
import { importers } from '../../harness/importers/index.ts';

const samples: readonly string[] = [
  `interactions:
- request:
    body: '{"model": "gpt-4o"}'
    headers:
      ? !!python/object/apply:multidict._multidict.istr
      - Accept
      : - '*/*'
      Cookie: &c [a, !!binary YQ==]
    method: POST
    uri: https://x.test/
  response:
    body:
      string: !!binary |
        H4sIAAAAAAAC/6uuBQBDv6ajAgAAAA==
    headers: {Set-Cookie: *c}
    status: {code: 200, message: OK}
- request: {method: GET, uri: 'https://x.test/', parsed_body: {a: [1.0, ~, "x\\u20ac"]}}
  response: {status: 500, headers: {}, body: {type: json, content: {a: &x [yes], b: *x}}}
version: 1
`,
  `---
http_interactions:
- request: {method: get, uri: 'https://x.test/', body: {encoding: US-ASCII, string: ''}}
  response:
    status: {code: 529, message: null}
    headers: {A: [b]}
    body:
      encoding: ASCII-8BIT
      string: !binary |-
        aGk=
  recorded_at: Wed, 11 Jun 2025 12:53:20 GMT
`,
  `version: 2
interactions:
- id: 0
  request:
    body: ""
    url: https://x.test/
    method: POST
  response:
    body: |+
      data: {}

    headers: {Content-Type: [text/plain]}
    code: 200
    duration: 1.5s
`,
  JSON.stringify({
    log: {
      entries: [
        {
          startedDateTime: '2026-02-12T00:39:06.731Z',
          time: 1,
          request: { method: 'POST', url: 'https://x.test/', headers: [], postData: { text: 'a' } },
          response: {
            status: 200,
            headers: [{ name: 'content-encoding', value: 'br' }],
            content: { size: 2, text: 'iwCAaGkD', encoding: 'base64' },
          },
        },
      ],
    },
  }),
  JSON.stringify([
    {
      scope: 'https://x.test:443',
      method: 'POST',
      path: '/v1?a=b',
      body: { model: 'm' },
      status: 200,
      response: ['1f8b080000000000000303', '000000000000000000'],
      rawHeaders: ['Content-Encoding', 'gzip', 'Date', 'Wed, 26 Mar 2025 00:49:42 GMT'],
      responseIsBinary: false,
    },
  ]),
  'httprr trace v1\n56 59\nPOST https://x.test/v1 HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}' +
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n',
  JSON.stringify({
    captured_at: '2025-10-14T00:53:06.391372Z',
    request: {
      body: { b64: 'e30=', canonical_json: {} },
      headers: { a: ['b'] },
      method: 'POST',
      url: 'https://x.test/',
    },
    response: { status: 200, headers: { 'content-type': ['text/plain'] }, body: null },
    chunks: [{ b64: 'aGk=', decoded: 'hi' }],
  }),
  JSON.stringify({
    request: { method: 'POST', url: 'https://x.test/', headers: { a: 'b' }, body: '{}' },
    response: {
      status: { code: 401, message: 'no' },
      headers: { 'Content-Encoding': 'br' },
      body: 'base64:iwCAaGkD',
    },
  }),
];

const noise = fc.oneof(
  fc.string({ maxLength: 6 }),
  fc.constantFrom('"', "'", '\n', '\t', ': ', '- ', '{', '[', '}', ']', '*a', '&a ', '!!binary '),
  fc.constantFrom('? ', '|', '>', '%YAML 3\n', '---\n', '...\n', '\u0000', '\uFEFF', '<<: ', '#'),
  fc.constantFrom(
    '!!python/object/new:a.b ',
    '__proto__: 1\n',
    '"\\UFFFFFFFF"',
    '0',
    '~',
    '\ud800',
  ),
);

/** A piece of the text is cut out and something else put in its place. */
const edit = fc.record({ at: fc.nat(), length: fc.nat({ max: 40 }), put: noise });

function edited(text: string, { at, length, put }: { at: number; length: number; put: string }) {
  const start = at % (text.length + 1);
  return text.slice(0, start) + put + text.slice(start + length);
}

function sound(importer: Importer, text: string): void {
  importer.recognises('some.file', text);
  try {
    for (const { request, response } of importer.parse('some.file', text)) {
      expect(response.status).toBeGreaterThanOrEqual(100);
      expect(response.body).toBeInstanceOf(Uint8Array);
      expect(request.url).not.toBe('');
    }
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    expect(String(error)).toContain('some.file');
  }
}

const anyImporter = fc.constantFrom(...Object.values(importers));

describe('importers on damaged input', () => {
  it('each read one of the samples when it is whole', () => {
    for (const text of samples) {
      const [importer, ...others] = Object.values(importers).filter((one) =>
        one.recognises('some.file', text),
      );
      expect(others).toEqual([]);
      expect(importer?.parse('some.file', text).length).toBeGreaterThan(0);
    }
  });

  it('give exchanges or an InputError for every truncated file', () => {
    fc.assert(
      fc.property(anyImporter, fc.constantFrom(...samples), fc.nat(), (importer, text, at) => {
        sound(importer, text.slice(0, at % text.length));
      }),
      { numRuns: 500 },
    );
  });

  it('give exchanges or an InputError for every edited file', () => {
    const edits = fc.array(edit, { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(anyImporter, fc.constantFrom(...samples), edits, (importer, text, list) => {
        sound(importer, list.reduce(edited, text));
      }),
      { numRuns: 2000 },
    );
  });

  it('give an InputError for nesting without end and for aliases of aliases', () => {
    const start = 'interactions:\n- request: {method: GET, uri: u}\n  response:\n    status: 200\n';
    const levels = Array.from({ length: 30 }, (_, n) =>
      n === 0 ? '&l0 [x, x]' : `&l${n} [*l${n - 1}, *l${n - 1}]`,
    );
    const bomb = `${start}    parsed_body: [${levels.join(', ')}]\n`;
    const nested = ['['.repeat(20_000), '{"a":'.repeat(20_000), '['.repeat(900) + ']'.repeat(900)];
    const texts = [bomb, ...nested, ...nested.map((text) => `${start}    parsed_body: ${text}\n`)];
    for (const text of texts) {
      for (const importer of Object.values(importers)) {
        expect(() => importer.parse('some.file', text)).toThrow(InputError);
      }
    }
  });
});
