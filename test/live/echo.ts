// A provider that says back what it was sent, wherever a provider or a gateway might: in headers,
// in an error, in a whole answer, in a stream, letter by letter. It renders with the wires.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { recordable } from '../../harness/importing/recordable.ts';
import { wires } from '../../harness/wires/index.ts';

export interface Echo {
  origin: string;
  /** As HAR entries. */
  entries: object[];
  close(): Promise<void>;
}

/** What a provider says of the account on its own, as it is and in words. */
export const accountHeaders: Readonly<Record<string, string | string[]>> = {
  'openai-organization': 'quiet-canary-organization',
  'openai-project': 'proj_quietCanary7f3a9c1e5b2d4f60',
  'anthropic-organization-id': '2277c511-5523-4a62-83bd-7f3a9c1e5b2d',
  'set-cookie': ['sid=c00kie7f3a9c1e5b2d4f60; Path=/; HttpOnly', '__cf_bm=quiet-canary-cookie.1'],
};

export async function echo(): Promise<Echo> {
  const entries: object[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part) => {
      body += part;
    });
    request.on('end', () => answer(request, body, response, entries));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    entries,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

function answer(
  request: IncomingMessage,
  body: string,
  response: ServerResponse,
  entries: object[],
): void {
  const { url = '', method = 'POST', headers } = request;
  const sent = Object.entries(headers).map(([name, value]) => [name, String(value)] as const);
  const { messages: _m, contents: _c, input: _i, ...fields } = JSON.parse(body || '{}');
  const ownWords = Object.values(accountHeaders).flat();
  const said = JSON.stringify([sent, url, decodeURIComponent(url), fields, ownWords]);
  const packed = sent.map(([, value]) => Buffer.from(bare(value)).toString('base64')).join(' ');
  const text = `${said} ${packed}`;
  const echoed = sent.map(([name, value]) => [`x-echo-${name}`, value] as [string, string]);
  const plain = Object.entries(accountHeaders).flatMap(([name, value]) =>
    [value].flat().map((one) => [name, one] as [string, string]),
  );
  const out = [...plain, ...echoed, ['location', `https://x.test${url}`] as [string, string]];
  const asked = recordable({ method, url: `https://x.test${url}`, header: () => null, body });
  if (typeof asked === 'string') {
    response.writeHead(404, Object.fromEntries(out)).end(text);
    return;
  }
  const isError = JSON.stringify(asked.turns).includes('Fail');
  const pieces = isError
    ? [JSON.stringify({ error: { message: `Incorrect API key provided: ${text}`, type: text } })]
    : wires[asked.wire]
        .frames(
          {
            id: 'a1',
            text,
            reasoning: '',
            toolCalls: [],
            refusal: null,
            finish: 'stop',
            usage: { input: 1, output: 1, estimated: false },
          },
          asked,
        )
        .map(({ bytes }) => Buffer.from(bytes).toString('utf8'));
  const type = asked.stream && !isError ? 'text/event-stream' : 'application/json';
  for (const [name, value] of out) response.appendHeader(name, value);
  const status = isError ? 400 : 200;
  response.writeHead(status, { 'content-type': type });
  for (const piece of pieces) response.write(piece);
  response.end();
  entries.push(entryOf(`https://api.openai.com${url}`, sent, body, status, out, type, pieces));
}

function entryOf(
  url: string,
  sent: (readonly [string, string])[],
  body: string,
  status: number,
  out: [string, string][],
  mimeType: string,
  pieces: string[],
): object {
  const named = (all: readonly (readonly [string, string])[]) =>
    all.map(([name, value]) => ({ name, value }));
  return {
    startedDateTime: '2026-01-31T10:00:00.000Z',
    time: 5,
    request: {
      method: 'POST',
      url,
      headers: named(sent),
      postData: { mimeType: 'application/json', text: body },
    },
    response: {
      status,
      headers: [...named(out), { name: 'content-type', value: mimeType }],
      content: { mimeType, text: pieces.join('') },
    },
  };
}

function bare(value: string): string {
  return value.replace(/^\w+ /, '');
}
