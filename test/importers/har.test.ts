import { brotliCompressSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { har } from '../../harness/importers/har.ts';
import { bodyText, inputError, only } from './support.ts';

interface Parts {
  content?: unknown;
  headers?: { name: string; value: string }[];
  status?: number;
}

function archive(parts: Parts): string {
  const entry = {
    startedDateTime: '2026-02-12T00:39:06.731Z',
    time: 812,
    request: {
      method: 'POST',
      url: 'https://api.openai.com/v1/responses',
      headers: [{ name: ':authority', value: 'api.openai.com' }],
      postData: { mimeType: 'application/json', text: '{"model":"gpt-5"}' },
    },
    response: {
      status: parts.status ?? 200,
      headers: parts.headers ?? [{ name: 'content-encoding', value: 'br' }],
      content: parts.content ?? { size: 4, text: '{"é":1}' },
    },
  };
  return JSON.stringify({ log: { version: '1.2', entries: [entry] } });
}

describe('har', () => {
  it('reads an exchange whose text is decoded although a content-encoding stands there', () => {
    const exchange = only(har, archive({}));
    expect(exchange.request.body).toBe('{"model":"gpt-5"}');
    expect(exchange.request.headers).toEqual([]);
    expect(bodyText(exchange)).toBe('{"é":1}');
    expect(exchange.response.headers).toEqual([['content-encoding', 'br']]);
    expect(exchange.recordedAt).toBe('2026-02-12T00:39:06.731Z');
    expect(exchange.durationMs).toBe(812);
  });

  it('reads base64 content', () => {
    const content = { size: 3, text: 'AP+A', encoding: 'base64' };
    const exchange = only(har, archive({ content, headers: [] }));
    expect(exchange.response.body).toEqual(Uint8Array.of(0, 255, 128));
  });

  it('unpacks base64 content that is still brotli', () => {
    const text = brotliCompressSync('{"error":{}}').toString('base64');
    expect(bodyText(only(har, archive({ content: { text, encoding: 'base64' } })))).toBe(
      '{"error":{}}',
    );
  });

  it('joins the packed chunks that Polly.JS writes', () => {
    const bytes = gzipSync('hello');
    const chunks = [bytes.subarray(0, 7), bytes.subarray(7)];
    const base64 = JSON.stringify(chunks.map((chunk) => chunk.toString('base64')));
    const hex = JSON.stringify(chunks.map((chunk) => chunk.toString('hex')));
    const contents = [
      { text: base64, encoding: 'base64' },
      { text: hex, _isBinary: true },
    ];
    for (const content of contents) expect(bodyText(only(har, archive({ content })))).toBe('hello');
  });

  it('splits headers that a browser joined with line feeds', () => {
    const headers = [{ name: 'set-cookie', value: 'a=1\nb=2' }];
    expect(only(har, archive({ headers })).response.headers).toEqual([
      ['set-cookie', 'a=1'],
      ['set-cookie', 'b=2'],
    ]);
  });

  it('leaves out requests that got no response', () => {
    expect(har.parse('a.har', archive({ status: 0 }))).toEqual([]);
  });

  it('reads a response without content as empty, and refuses content that was not kept', () => {
    expect(only(har, archive({ content: { size: 0 } })).response.body).toHaveLength(0);
    expect(inputError(() => har.parse('a.har', archive({ content: { size: 7 } })))).toBe(
      'a.har: log.entries[0] (https://api.openai.com/v1/responses): ' +
        'the archive has no body of this response: export it with content',
    );
  });

  it.each([
    ['wrong base64', { text: 'a*', encoding: 'base64' }, 'content.text is not base64'],
    ['an unknown encoding', { text: 'a', encoding: 'rot13' }, 'encoding "rot13" is unknown'],
    ['content that is no object', 'text', 'log.entries[0].response.content'],
  ])('refuses %s', (_title, content, message) => {
    expect(inputError(() => har.parse('a.har', archive({ content })))).toContain(message);
  });

  it('names line and column of broken JSON', () => {
    const message = inputError(() => har.parse('a.har', '{\n "log": {\n  "entries": [x]\n}}'));
    expect(message).toMatch(/^a\.har:3:15: is not valid JSON: Unexpected token 'x'/);
  });
});
