// Who may drive the control API.
import { describe, expect, it } from 'vitest';
import { isLoopback, refusalOf } from '../../harness/realtime/control-guard.ts';

const host = '127.0.0.1:8787';
const asked = (headers: Record<string, string>, method = 'GET', at = '127.0.0.1', port = 8787) =>
  refusalOf({ method, headers: { host, ...headers } }, at, port)?.status ?? null;

describe('a request', () => {
  it.each(['127.0.0.1:8787', 'localhost:8787', '[::1]:8787', '127.0.0.2:8787', 'LOCALHOST:8787'])(
    'to %s is answered',
    (own) => {
      expect(asked({ host: own })).toBeNull();
    },
  );

  it.each([
    'evil.example:8787',
    'localhost.evil.example:8787',
    '127.0.0.1.evil.example:8787',
    '127.0.0.1:8788',
    '127.0.0.1',
    'localhost@evil.example:8787',
    '192.168.0.7:8787',
    '',
  ])('to %j is not: a name may have been bent to this address', (own) => {
    expect(asked({ host: own })).toBe(403);
  });

  it.each([
    { origin: 'http://localhost:3000' },
    { origin: 'http://127.0.0.1:8787' },
    { origin: 'null' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
  ])('of a web page is refused: %j', (headers) => {
    expect(asked(headers)).toBe(403);
    expect(asked({ ...headers, 'content-type': 'application/json' }, 'POST')).toBe(403);
  });

  it('that somebody typed into a browser is answered, where it changes nothing', () => {
    expect(asked({ 'sec-fetch-site': 'none' })).toBeNull();
    expect(asked({ 'sec-fetch-site': 'none' }, 'POST')).toBe(415);
  });

  it.each([
    ['application/json', null],
    ['Application/JSON; charset=utf-8', null],
    ['text/plain', 415],
    ['application/x-www-form-urlencoded', 415],
    ['text/plain; application/json', 415],
    ['application/jsonp', 415],
  ])('that changes something and is %s', (type, status) => {
    for (const method of ['POST', 'PUT', 'DELETE']) {
      expect(asked({ 'content-type': type }, method)).toBe(status);
    }
  });

  it('to where the server was told to listen is answered', () => {
    expect(asked({ host: '192.168.0.7:8787' }, 'GET', '192.168.0.7')).toBeNull();
    expect(asked({ host: '192.168.0.7:8787' }, 'GET', '0.0.0.0')).toBeNull();
    expect(asked({ host: 'evil.example:8787' }, 'GET', '0.0.0.0')).toBe(403);
    expect(asked({ host: 'drill:8787' }, 'GET', 'drill')).toBeNull();
    expect(asked({ host: 'localhost' }, 'GET', '127.0.0.1', 80)).toBeNull();
  });
});

it.each([
  ['127.0.0.1', true],
  ['127.8.9.10', true],
  ['::1', true],
  ['localhost', true],
  ['0.0.0.0', false],
  ['::', false],
  ['192.168.0.7', false],
  ['::ffff:192.168.0.7', false],
  ['localhost.example', false],
  ['drill', false],
])('%s is an address of this machine alone: %s', (address, own) => {
  expect(isLoopback(address)).toBe(own);
});
