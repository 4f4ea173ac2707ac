import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { vcrpy } from '../../harness/importers/vcrpy.ts';
import { bodyText, inputError, only } from './support.ts';

function cassette(parts: { response?: string; status?: string; request?: string }): string {
  return `interactions:
- request:
${parts.request ?? "    body: '{}'"}
    headers:
      Accept:
      - '*/*'
    method: post
    uri: https://api.openai.com/v1/chat/completions
  response:
${parts.response ?? "    body:\n      string: '{}'"}
    headers:
      Content-Encoding:
      - gzip
      Date:
      - Wed, 25 Mar 2026 16:49:48 GMT
      x-request-id:
      - 1e10
      set-cookie:
      - a=1; Path=/
      - b=2
${parts.status ?? '    status:\n      code: 200\n      message: null'}
version: 1
`;
}

describe('vcrpy', () => {
  it('reads method, url, status, headers and date of an exchange', () => {
    const exchange = only(vcrpy, cassette({}));
    expect(exchange.request.method).toBe('POST');
    expect(exchange.request.url).toBe('https://api.openai.com/v1/chat/completions');
    expect(exchange.request.headers).toEqual([['Accept', '*/*']]);
    expect(exchange.request.body).toBe('{}');
    expect(exchange.response.status).toBe(200);
    expect(exchange.recordedAt).toBe('2026-03-25T16:49:48.000Z');
  });

  it('keeps repeated headers in order and values as they were written', () => {
    const { headers } = only(vcrpy, cassette({})).response;
    expect(headers.slice(2)).toEqual([
      ['x-request-id', '1e10'],
      ['set-cookie', 'a=1; Path=/'],
      ['set-cookie', 'b=2'],
    ]);
  });

  it('unfolds the blank lines of quoted event streams', () => {
    const response = `    body:
      string: 'event: ping

        data: {"say": "it''s"}


        data: [DONE]


        '`;
    expect(bodyText(only(vcrpy, cassette({ response })))).toBe(
      'event: ping\ndata: {"say": "it\'s"}\n\ndata: [DONE]\n\n',
    );
  });

  it('keeps carriage returns, escapes and text beyond ASCII in double quotes', () => {
    const response =
      '    body:\n      string: "data: \\xE9\\u20AC\\U0001F600\\r\\n\\r\\n\\\n        é"';
    expect(bodyText(only(vcrpy, cassette({ response })))).toBe('data: é€😀\r\n\r\né');
  });

  it('unpacks a binary body that is gzip, whatever the header says', () => {
    const base64 = gzipSync('{"packed":true}').toString('base64');
    const response = `    body:\n      string: !!binary |\n        ${base64}`;
    expect(bodyText(only(vcrpy, cassette({ response })))).toBe('{"packed":true}');
  });

  it('keeps the bytes of a binary body that is not packed', () => {
    const bytes = Uint8Array.of(0, 255, 128, 10);
    const base64 = Buffer.from(bytes).toString('base64');
    const response = `    body:\n      string: !!binary ${base64}`;
    expect(only(vcrpy, cassette({ response })).response.body).toEqual(bytes);
  });

  it('leaves a plain body alone although the header says gzip', () => {
    expect(bodyText(only(vcrpy, cassette({})))).toBe('{}');
  });

  it('reads base64_string, a bare string and a null body', () => {
    const packed = "    body:\n      base64_string: 'aGk='";
    expect(bodyText(only(vcrpy, cassette({ response: packed })))).toBe('hi');
    expect(bodyText(only(vcrpy, cassette({ response: '    body: hi' })))).toBe('hi');
    expect(bodyText(only(vcrpy, cassette({ response: '    body:\n      string: null' })))).toBe('');
    expect(only(vcrpy, cassette({ request: '    body: null' })).request.body).toBeNull();
  });

  it('writes a parsed body as JSON, with its key order and its numbers', () => {
    const response = `    parsed_body:
      b: [1.0, -1.5e-05, 12345678901234567890, true, null, ~]
      '2': 'no'
      a: {quoted: '1', bare: 1e3, empty: [], none: {}}
      __proto__:
        polluted: yes
      text: |
        line`;
    expect(bodyText(only(vcrpy, cassette({ response })))).toBe(
      '{"b":[1.0,-1.5e-05,12345678901234567890,true,null,null],"2":"no",' +
        '"a":{"quoted":"1","bare":"1e3","empty":[],"none":{}},' +
        '"__proto__":{"polluted":true},"text":"line\\n"}',
    );
    expect('polluted' in {}).toBe(false);
  });

  it('writes a parsed request body as JSON', () => {
    const request = '    parsed_body:\n      model: gpt-4o\n      n: 1';
    expect(only(vcrpy, cassette({ request })).request.body).toBe('{"model":"gpt-4o","n":1}');
  });

  it('writes a request body that was kept as a tree as JSON', () => {
    const request = '    body:\n      model: gpt-4o\n      messages: [{role: user}]';
    const { body } = only(vcrpy, cassette({ request })).request;
    expect(body).toBe('{"model":"gpt-4o","messages":[{"role":"user"}]}');
  });

  it('reads the typed bodies and bare status of the 2026 dialect', () => {
    const text = `version: 1
interactions:
- request:
    method: POST
    uri: https://api.openai.com/v1/responses
    headers: {}
    body: {type: json, content: {model: o1}}
  response:
    status: 400
    headers: {}
    body: {type: text, content: 'no'}
  recorded_at: 2026-03-06T19:22:51.886437+00:00
`;
    expect(vcrpy.recognises('a.yaml', text)).toBe(true);
    const exchange = only(vcrpy, text);
    expect(exchange.request.body).toBe('{"model":"o1"}');
    expect(exchange.response.status).toBe(400);
    expect(bodyText(exchange)).toBe('no');
    expect(exchange.recordedAt).toBe('2026-03-06T19:22:51.886Z');
  });

  it('takes the first argument of tagged Python objects and calls nothing', () => {
    const text = cassette({}).replace(
      /headers:\n {6}Accept:\n {6}- '\*\/\*'/,
      `headers:
      ? !!python/object/apply:multidict._multidict.istr
      - Accept
      : - !!python/unicode '*/*'
      ? !!python/object/new:os.system
        args: [X-Command]
        state: null
      : - !!binary eWVz`,
    );
    expect(only(vcrpy, text).request.headers).toEqual([
      ['Accept', '*/*'],
      ['X-Command', 'yes'],
    ]);
  });

  it('reads a request body that is the state of a Python stream', () => {
    const request = `    body: !!python/object/new:_io.BytesIO
      state: !!python/tuple
      - !!binary aGk=
      - 0
      - null`;
    expect(only(vcrpy, cassette({ request })).request.body).toBe('hi');
  });

  it('reads the content and status_code of the first httpx recordings', () => {
    const text = cassette({ response: "    content: '{}'", status: '    status_code: 429' });
    const exchange = only(vcrpy, text);
    expect(exchange.response.status).toBe(429);
    expect(bodyText(exchange)).toBe('{}');
  });

  it('follows aliases', () => {
    const text = cassette({}).replace(
      "Accept:\n      - '*/*'",
      'A: &id1\n      - x\n      B: *id1',
    );
    expect(only(vcrpy, text).request.headers).toEqual([
      ['A', 'x'],
      ['B', 'x'],
    ]);
  });

  it('reads cassettes that were written as JSON', () => {
    const request = { method: 'GET', uri: 'https://x.test/', headers: {}, body: null };
    const response = { status: { code: 200 }, headers: {}, body: { string: '😀"\n' } };
    const text = JSON.stringify({ version: 1, interactions: [{ request, response }] });
    expect(vcrpy.recognises('a.json', text)).toBe(true);
    expect(bodyText(only(vcrpy, text))).toBe('😀"\n');
  });

  it.each([
    [
      'a missing status',
      cassette({ status: '    x: 1' }),
      'some.file:10: interactions[0].response has no "status"',
    ],
    ['a status of 0', cassette({ status: '    status: 0' }), 'from 100 to 599, not "0"'],
    ['a missing body', cassette({ response: '    x: 1' }), 'has no "body"'],
    ['an unknown type', cassette({ response: '    body: {type: x, content: y}' }), 'json, text'],
    ['a key twice', cassette({ response: '    body: a\n    body: b' }), '"body" 2 times'],
    ['a wrong base64', cassette({ response: '    body: !!binary "*"' }), 'is not base64'],
    ['a damaged gzip', cassette({ response: '    body: !!binary H4sIAAAA' }), 'as gzip'],
    ['.nan in a body', cassette({ response: '    parsed_body: [.nan]' }), 'JSON cannot say'],
    ['a loose alias', cassette({ response: '    body: *gone' }), '*gone stands for nothing'],
    ['an alias of itself', cassette({ response: '    parsed_body: &a [*a]' }), 'nested deeper'],
    ['wrong YAML', "interactions:\n- request: 'open\n", 'is not valid YAML'],
    ['no list', 'interactions: 1', 'interactions must be a list, not a scalar'],
  ])('refuses %s with the place', (_title, text, message) => {
    expect(inputError(() => vcrpy.parse('some.file', text))).toContain(message);
  });

  it('names the line of the mistake', () => {
    const message = inputError(() =>
      vcrpy.parse('some.file', cassette({ status: '    status: a' })),
    );
    expect(message).toMatch(/^some\.file:22: interactions\[0\]\.response\.status must be/);
  });
});
