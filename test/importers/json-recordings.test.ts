import { brotliCompressSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { bareBodyOf } from '../../harness/importers/bare-body.ts';
import { ddTestAgent } from '../../harness/importers/dd-test-agent.ts';
import { httprr } from '../../harness/importers/httprr.ts';
import { nock } from '../../harness/importers/nock.ts';
import { reqLlm } from '../../harness/importers/req-llm.ts';
import { bodyText, inputError, only } from './support.ts';

const url = 'https://api.openai.com/v1/chat/completions';

describe('nock', () => {
  const scope = 'https://api.openai.com:443';
  const play = (more: object): string =>
    JSON.stringify([{ scope, method: 'POST', path: '/v1/chat/completions', ...more }]);

  it('reads a parsed body with each number as it stood', () => {
    const text = play({ body: { model: 'm' }, status: 201, response: 'X' });
    const exchange = only(nock, text.replace('"X"', '{"b":1.0,"a":12345678901234567890,"c":[2]}'));
    expect(bodyText(exchange)).toBe('{"b":1.0,"a":12345678901234567890,"c":[2]}');
    expect(exchange.request).toEqual({ method: 'POST', url, headers: [], body: '{"model":"m"}' });
    expect(exchange.response.status).toBe(201);
  });

  it('reads headers in pairs, names repeated, and the time from them', () => {
    const date = 'Wed, 26 Mar 2025 00:49:42 GMT';
    const rawHeaders = ['Set-Cookie', 'a', 'set-cookie', 'b', 'Date', date];
    const exchange = only(nock, play({ response: 'data: {}\n\n', rawHeaders }));
    expect(exchange.response.headers).toEqual([
      ['Set-Cookie', 'a'],
      ['set-cookie', 'b'],
      ['Date', date],
    ]);
    expect(exchange.recordedAt).toBe('2025-03-26T00:49:42.000Z');
    expect(bodyText(exchange)).toBe('data: {}\n\n');
  });

  it('unpacks the hex chunks of a packed body, and takes any other list for JSON', () => {
    const bytes = gzipSync('{"ok":true}').toString('hex');
    const chunks = [bytes.slice(0, 10), bytes.slice(10)];
    const rawHeaders = { 'content-encoding': 'gzip' };
    expect(bodyText(only(nock, play({ response: chunks, rawHeaders })))).toBe('{"ok":true}');
    expect(bodyText(only(nock, play({ response: ['ab'] })))).toBe('["ab"]');
  });

  it('reads binary bodies, and refuses what is not hex', () => {
    const binary = { responseIsBinary: true };
    expect(only(nock, play({ response: '00ff', ...binary })).response.body).toEqual(
      Uint8Array.of(0, 255),
    );
    expect(inputError(() => only(nock, play({ response: 'zz', ...binary })))).toContain(
      'some.file: [0] (POST https://api.openai.com:443/v1/chat/completions): responseIsBinary',
    );
  });

  it('keeps a port that is not the usual one, and says which member is wrong', () => {
    const other = play({ response: '' }).replace(':443', ':8443');
    expect(only(nock, other).request.url).toContain('https://api.openai.com:8443/v1');
    expect(inputError(() => only(nock, play({ status: 99 })))).toContain('[0].status');
  });
});

describe('httprr', () => {
  const trace = (request: string, response: string): string =>
    `httprr trace v1\n${Buffer.byteLength(request)} ${Buffer.byteLength(response)}\n${request}${response}`;
  const ask = `POST ${url} HTTP/1.1\r\nHost: api.openai.com\r\n\r\n{"model":"é"}`;

  it('reads exchanges one after the other, lengths being bytes', () => {
    const answer =
      'HTTP/2.0 429 Too Many Requests\r\nRetry-After: 7\r\nretry-after: 8\r\n\r\n{"é":1}';
    const two = trace(ask, answer) + trace(ask, 'HTTP/1.1 200 OK\r\n\r\n').replace(/^.*\n/, '');
    const [first, second, ...more] = httprr.parse('some.file', two);
    expect(more).toEqual([]);
    expect(first?.request.body).toBe('{"model":"é"}');
    expect(first?.request.url).toBe(url);
    expect(first?.response.status).toBe(429);
    expect(first?.response.headers).toEqual([
      ['Retry-After', '7'],
      ['retry-after', '8'],
    ]);
    expect(first && bodyText(first)).toBe('{"é":1}');
    expect(second?.response.body).toHaveLength(0);
  });

  it('joins a chunked body, and takes the host of a path alone from its header', () => {
    const head = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';
    const text = trace(
      ask.replace('https://api.openai.com', ''),
      `${head}2\r\nhi\r\n1;x\r\n!\r\n0\r\n\r\n`,
    );
    expect(bodyText(only(httprr, text))).toBe('hi!');
    expect(only(httprr, text).request.url).toBe(url);
    const short = trace(ask, `${head}9\r\nhi\r\n`);
    expect(inputError(() => only(httprr, short))).toContain('some.file:2: a chunked body');
  });

  it('says on which line a trace is wrong', () => {
    const cut = trace(ask, 'HTTP/1.1 200 OK\r\n\r\nhello').slice(0, -1);
    expect(inputError(() => only(httprr, cut))).toMatch(/some\.file:2: says \d+ bytes, and \d+/);
    const odd = `${trace(ask, 'HTTP/1.1 200 OK\r\n\r\nok')}rest`;
    expect(inputError(() => only(httprr, odd))).toContain('some.file:8: must be two lengths');
  });
});

describe('dd-test-agent', () => {
  const cassette = (headers: object, body: string): string =>
    JSON.stringify({
      request: { method: 'POST', url, headers: { Accept: 'a' }, body: '{"model":"m"}' },
      response: { status: { code: 401, message: 'no' }, headers, body },
    });

  it('takes text for the body although an encoding stands in the headers', () => {
    const exchange = only(ddTestAgent, cassette({ 'Content-Encoding': 'gzip' }, '{"é":1.0}'));
    expect(bodyText(exchange)).toBe('{"é":1.0}');
    expect(exchange.response.status).toBe(401);
    expect(exchange.request.headers).toEqual([['Accept', 'a']]);
  });

  it('unpacks the bytes of the wire', () => {
    const packed = brotliCompressSync('{"error":{}}').toString('base64');
    const text = cassette({ 'Content-Encoding': 'br' }, `base64:${packed}`);
    expect(bodyText(only(ddTestAgent, text))).toBe('{"error":{}}');
    const broken = cassette({}, 'base64:?');
    expect(inputError(() => only(ddTestAgent, broken))).toBe('some.file: the body is not base64');
  });
});

describe('req-llm', () => {
  const b64 = (text: string): string => Buffer.from(text).toString('base64');
  const fixture = (response: object, more: object = {}): string =>
    JSON.stringify({
      request: {
        body: { b64: b64('{"model":"m"}'), canonical_json: {} },
        headers: { accept: ['a', 'b'] },
        method: 'POST',
        url,
      },
      response: { status: 200, headers: { 'content-type': ['text/plain'] }, ...response },
      ...more,
    });

  it('reads parsed bodies and bytes', () => {
    const parsed = only(reqLlm, fixture({ body: { error: { code: null } } }));
    expect(bodyText(parsed)).toBe('{"error":{"code":null}}');
    expect(parsed.request.body).toBe('{"model":"m"}');
    expect(parsed.request.headers).toEqual([
      ['accept', 'a'],
      ['accept', 'b'],
    ]);
    expect(bodyText(only(reqLlm, fixture({ body: { b64: b64('hi') } })))).toBe('hi');
  });

  it('joins transport chunks and keeps where they ended', () => {
    const chunks = [{ b64: b64('data: é'), decoded: 1 }, { b64: b64('\n\n') }];
    const more = { chunks, captured_at: '2025-10-14T00:53:06.391Z' };
    const { response, recordedAt } = only(reqLlm, fixture({ body: null }, more));
    expect(Buffer.from(response.body).toString()).toBe('data: é\n\n');
    expect(response.chunks).toEqual([{ bytes: 8 }, { bytes: 2 }]);
    expect(recordedAt).toBe('2025-10-14T00:53:06.391Z');
  });
});

describe('a body without its request', () => {
  it('is known by what it says, whole or as events', () => {
    const known: [text: string, wire: string | null][] = [
      ['{"object":"chat.completion","choices":[]}', 'openai-chat'],
      ['{\n  "object": "response"\n}', 'openai-responses'],
      ['{"type":"message","content":[]}', 'anthropic-messages'],
      ['{"candidates":[]}', 'gemini'],
      ['{"type":"response.created"}\n{"type":"error"}\n', 'openai-responses'],
      ['{"type":"message_start"}\n{"type":"ping"}\n', 'anthropic-messages'],
      ['{"object":"chat.completion.chunk"}\n{}\n', 'openai-chat'],
      ['{"candidates":[]}\n{}\n', 'gemini'],
      ['{"some":"thing"}', null],
      ['[1]', null],
      ['some text', null],
    ];
    for (const [text, wire] of known) expect([text, bareBodyOf(text)]).toEqual([text, wire]);
  });
});
