import { describe, expect, it } from 'vitest';
import { rubyVcr } from '../../harness/importers/ruby-vcr.ts';
import { bodyText, inputError, only } from './support.ts';

function cassette(body: string): string {
  return `---
http_interactions:
- request:
    method: post
    uri: https://bedrock-runtime.<AWS_REGION>.amazonaws.com/model/m/converse
    body:
      encoding: UTF-8
      string: '{"prompt":"<MASSIVE_TEXT>"}'
    headers:
      Content-Type:
      - application/json
  response:
    status:
      code: 529
      message: ''
    headers:
      X-Should-Retry:
      - 'true'
    body:
${body}
  recorded_at: Wed, 11 Jun 2025 12:53:20 GMT
recorded_with: VCR 6.3.1
`;
}

describe('ruby-vcr', () => {
  it('reads an exchange, its placeholders untouched', () => {
    const exchange = only(rubyVcr, cassette("      encoding: UTF-8\n      string: '{}'"));
    expect(exchange.request.method).toBe('POST');
    expect(exchange.request.url).toContain('<AWS_REGION>');
    expect(exchange.request.body).toBe('{"prompt":"<MASSIVE_TEXT>"}');
    expect(exchange.response.status).toBe(529);
    expect(exchange.response.headers).toEqual([['X-Should-Retry', 'true']]);
    expect(exchange.recordedAt).toBe('2025-06-11T12:53:20.000Z');
  });

  it('keeps every line end of a block scalar', () => {
    const body = '      encoding: UTF-8\n      string: |+\n        data: é\n\n        data: b\n';
    expect(bodyText(only(rubyVcr, cassette(body)))).toBe('data: é\n\ndata: b\n\n');
  });

  it('reads the local tag !binary as base64', () => {
    const body = '      encoding: ASCII-8BIT\n      string: !binary |-\n        AP+ACg==';
    expect(only(rubyVcr, cassette(body)).response.body).toEqual(Uint8Array.of(0, 255, 128, 10));
  });

  it('reads base64_string', () => {
    const body = '      encoding: ASCII-8BIT\n      base64_string: |\n        aGk=';
    expect(bodyText(only(rubyVcr, cassette(body)))).toBe('hi');
  });

  it('reads plain text that is called ASCII-8BIT as UTF-8', () => {
    const body = '      encoding: ASCII-8BIT\n      string: "é"';
    expect(bodyText(only(rubyVcr, cassette(body)))).toBe('é');
  });

  it('turns text in ISO-8859-1 back into its bytes', () => {
    const body = '      encoding: ISO-8859-1\n      string: "é"';
    expect(only(rubyVcr, cassette(body)).response.body).toEqual(Uint8Array.of(0xe9));
  });

  it('reads ASCII text in an encoding that contains ASCII, and refuses the rest', () => {
    const body = (text: string) => `      encoding: Windows-1252\n      string: "${text}"`;
    expect(bodyText(only(rubyVcr, cassette(body('plain'))))).toBe('plain');
    expect(inputError(() => rubyVcr.parse('a.yml', cassette(body('€'))))).toContain('WINDOWS-1252');
  });

  it('reads a body that is a bare string, and one of null', () => {
    const bare = cassette('').replace('body:\n\n', 'body: hello\n');
    expect(bodyText(only(rubyVcr, bare))).toBe('hello');
    const nothing = cassette('      encoding: US-ASCII\n      string: ');
    expect(bodyText(only(rubyVcr, nothing))).toBe('');
  });

  it('refuses a response without a body', () => {
    const text = cassette('').replace('    body:\n\n', '');
    expect(inputError(() => rubyVcr.parse('a.yml', text))).toMatch(/^a\.yml:\d+: .*no "body"/);
  });
});
