import { describe, expect, it } from 'vitest';
import { goDurationMs, goVcr } from '../../harness/importers/go-vcr.ts';
import { vcrpy } from '../../harness/importers/vcrpy.ts';
import { bodyText, inputError, only } from './support.ts';

const cassette = `---
version: 2
interactions:
- id: 0
  request:
    proto: HTTP/1.1
    content_length: 2
    host: ""
    body: |
      uri: a line of the body, deeper than the keys
    headers:
      Accept:
      - application/json
    url: https://api.groq.com/openai/v1/chat/completions
    method: POST
  response:
    proto: HTTP/2.0
    content_length: -1
    uncompressed: true
    body: "data: {}\\n\\ndata: [DONE]\\n\\n"
    headers:
      Content-Type:
      - text/event-stream
    status: 200 OK
    code: 200
    duration: 1.142806042s
`;

describe('go-vcr', () => {
  it('reads an exchange with the time of its call', () => {
    const exchange = only(goVcr, cassette);
    expect(exchange.request.url).toBe('https://api.groq.com/openai/v1/chat/completions');
    expect(exchange.response.status).toBe(200);
    expect(bodyText(exchange)).toBe('data: {}\n\ndata: [DONE]\n\n');
    expect(exchange.durationMs).toBeCloseTo(1142.806, 3);
    expect(exchange.recordedAt).toBeUndefined();
  });

  it('is told from vcrpy by the keys of the request, not by lines of a body', () => {
    expect(goVcr.recognises('a.yaml', cassette)).toBe(true);
    expect(vcrpy.recognises('a.yaml', cassette)).toBe(false);
    const swapped = cassette.replace('    url:', '    uri:').replace('uri: a line', 'url: a line');
    expect(goVcr.recognises('a.yaml', swapped)).toBe(false);
    expect(vcrpy.recognises('a.yaml', swapped)).toBe(true);
  });

  it('reads binary bodies', () => {
    const text = cassette.replace(/body: "data.*"/, 'body: !!binary AP8=');
    expect(only(goVcr, text).response.body).toEqual(Uint8Array.of(0, 255));
  });

  it('refuses a file whose code is missing', () => {
    const message = inputError(() => goVcr.parse('a.yaml', cassette.replace('code: 200', 'x: 1')));
    expect(message).toBe('a.yaml:17: interactions[0].response has no "code"');
  });

  it.each([
    ['1m2.5s', 62_500],
    ['943.5ms', 943.5],
    ['12µs', 0.012],
    ['1h0m0s', 3_600_000],
    ['', undefined],
    ['soon', undefined],
    ['12', undefined],
  ])('reads the duration %j as %j ms', (text, ms) => {
    expect(goDurationMs(text)).toBe(ms);
  });
});
