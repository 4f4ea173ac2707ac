// A canary in every place of a request and of a response: nothing that record, serve --record and
// import write has it, nor does what they print.
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { Recording } from '../../harness/upstream/recording.ts';
import { bodyOf, readRecordings } from '../../harness/upstream/recording.ts';
import { filesIn, firedrill, folderWith, write } from '../cli.ts';
import { workloadOf } from '../recordings/desk.ts';
import { echo } from './echo.ts';
import { recording } from './recording.ts';

/** In every canary that looks like a key; and words that only their place makes secret. */
const needle = '7f3a9c1e5b2d4f60';
const words = 'quiet-canary';
const customer = 'cust-4711';

let made = 0;
const random = () => `c${made++}y${needle}`;
const quiet = () => `${words}-number-${made++}`;

/** Where a key, a cookie or an account stands: any word there is one. */
const ownHeaders: Record<string, () => string> = {
  authorization: () => `Bearer ${quiet()}`,
  'x-api-key': quiet,
  'api-key': quiet,
  'x-goog-api-key': quiet,
  cookie: () => `session=${quiet()}; theme=${quiet()}`,
  'openai-organization': quiet,
  'openai-project': quiet,
  'x-goog-user-project': quiet,
  'x-amz-security-token': quiet,
  'ocp-apim-subscription-key-token': quiet,
  'x-portkey-api-key': quiet,
  'helicone-auth-token': () => `Bearer ${quiet()}`,
  'cf-aig-authorization': () => `Bearer ${quiet()}`,
};

/** What SDKs and apps send beside it; nobody expects a key there. */
const otherHeaders = [
  'user-agent',
  'referer',
  'http-referer',
  'x-title',
  'traceparent',
  'x-request-id',
  'x-client-request-id',
  'idempotency-key',
  'openai-beta',
  'anthropic-beta',
  'anthropic-version',
  'x-stainless-lang',
  'x-stainless-package-version',
  'x-stainless-os',
  'x-stainless-arch',
  'x-stainless-runtime',
  'x-stainless-runtime-version',
  'x-stainless-retry-count',
  'x-goog-api-client',
  'x-forwarded-for',
  'x-tenant',
  'x-my-app-session',
  'x-firedrill-call',
  'accept',
  'accept-language',
];

const ownParameters = ['key', 'api_key', 'api-key', 'access_token', 'token', 'sig', 'code'];
const otherParameters = ['api-version', 'user', 'trace', 'x'];

const headersNow = (): Record<string, string> => ({
  ...Object.fromEntries(Object.entries(ownHeaders).map(([name, value]) => [name, value()])),
  ...Object.fromEntries(otherHeaders.map((name) => [name, `app/1.0 ${random()}`])),
  'content-type': 'application/json',
});

const queryNow = (): string =>
  [
    ...ownParameters.map((name) => `${name}=${encodeURIComponent(`${quiet()}/a b`)}`),
    ...otherParameters.map((name) => `${name}=${random()}`),
  ].join('&');

const fieldsNow = () => ({
  user: quiet(),
  safety_identifier: quiet(),
  prompt_cache_key: quiet(),
  metadata: { user_id: quiet(), tenant: quiet(), nested: { deep: random() } },
  labels: { team: quiet() },
  api_key: quiet(),
  extra_headers: { Authorization: `Bearer ${quiet()}` },
  session: random(),
  nested: { list: [random(), { more: random() }] },
  tools: [
    {
      type: 'mcp',
      server_label: random(),
      server_url: `https://mcp.test/${random()}`,
      authorization: quiet(),
      headers: { 'X-Any': quiet() },
    },
  ],
  mcp_servers: [{ name: 'm', authorization_token: quiet() }],
});

const prompt = (what: string) => `${what} for ${customer}, please`;
const messages = (what: string) => [{ role: 'user', content: prompt(what) }];

/** By the name of the wire: path and body for a question. */
const asking: Record<string, (what: string, stream: boolean) => [path: string, body: object]> = {
  chat: (what, stream) => [
    '/api.openai.com/v1/chat/completions',
    { model: 'gpt-4o', stream, messages: messages(what) },
  ],
  responses: (what, stream) => [
    '/api.openai.com/v1/responses',
    { model: 'gpt-4o', stream, input: prompt(what) },
  ],
  messages: (what, stream) => [
    '/api.anthropic.com/v1/messages',
    { model: 'claude-haiku-4-5', max_tokens: 9, stream, messages: messages(what) },
  ],
  gemini: (what, stream) => [
    `/generativelanguage.googleapis.com/v1beta/models/gemini-2.0-flash:${
      stream ? 'streamGenerateContent' : 'generateContent'
    }`,
    { contents: [{ role: 'user', parts: [{ text: prompt(what) }] }] },
  ],
};

const cases = Object.keys(asking).flatMap((wire) =>
  (['Fail', 'Whole', 'Stream'] as const).map((how) => ({ wire, how })),
);

const redact = ['--redact', 'cust-\\d+'];

/** Every text that was written below a folder. */
function textsIn(dir: string): [string, string][] {
  return filesIn(dir)
    .filter((path) => statSync(path).isFile())
    .map((path) => [path, readFileSync(path, 'utf8')]);
}

/** Also where a stream has it in pieces: the letters of its events, joined. */
function expectWhole(all: readonly Recording[]): void {
  const streams = all.filter((one) => one.kind === 'recorded' && one.exchange.status === 200);
  for (const one of streams) {
    if (one.kind !== 'recorded') continue;
    const body = Buffer.from(bodyOf(one)).toString('utf8');
    const pieces = [...body.matchAll(/"(?:delta|text|content|partial_json)":"((?:[^"\\]|\\.)*)"/g)];
    const letters = pieces.map(([, piece = '']) => piece).join('');
    for (const bad of [needle, words, 'cust-4']) expect(letters).not.toContain(bad);
  }
}

function expectClean(texts: [string, string][]): void {
  const packed = [needle, words].map((one) => Buffer.from(one).toString('base64').slice(0, 14));
  for (const [path, text] of texts) {
    const found = [needle, words, 'cust-4', ...packed].filter((one) => text.includes(one));
    const first = found[0] ?? '';
    const at = text.indexOf(first);
    expect(found, `${path}: ...${text.slice(Math.max(0, at - 80), at + 60)}...`).toEqual([]);
  }
}

describe('a canary in every place', () => {
  it('is in nothing that serve --record writes, at any time', async () => {
    const { origin } = await echo();
    const dir = folderWith();
    const upstream = [
      '--upstream',
      `openai=${origin}/v1`,
      `anthropic=${origin}`,
      `google=${origin}`,
    ];
    const proxy = await recording(dir, [...upstream, '--keep-errors', ...redact]);
    const root = new URL(proxy.control).origin;
    for (const { wire, how } of cases) {
      const [path, body] = asking[wire]?.(how, how === 'Stream') ?? ['', {}];
      const sse = path.includes('streamG') ? 'alt=sse&' : '';
      const response = await fetch(`${root}${path}?${sse}${queryNow()}`, {
        method: 'POST',
        headers: headersNow(),
        body: JSON.stringify({ ...body, ...fieldsNow() }),
      });
      // The app sees all of it: nothing is masked on its way.
      const said = await response.text();
      expect(said.length).toBeGreaterThan(2_000);
      expect(`${how} ${response.status}`).toBe(`${how} ${how === 'Fail' ? 400 : 200}`);
      expect(response.headers.get('x-echo-x-api-key')).toContain(words);
      expectClean(textsIn(dir));
    }
    const state = await (await fetch(`${proxy.control}state`)).text();
    await fetch(`${root}/nobody.test/${random()}?key=${quiet()}`);
    await fetch(`${root}/api.openai.com/v1/models?key=${quiet()}`);
    expect(await proxy.end()).toBe(2);
    const all = readRecordings(join(dir, 'firedrill/recordings/desk.jsonl'));
    expect(all).toHaveLength(cases.length);
    expectWhole(all);
    expectClean([...textsIn(dir), ['out', proxy.out()], ['err', proxy.err()], ['state', state]]);
  }, 60_000);

  it('is in nothing that import writes', async () => {
    const { origin, entries } = await echo();
    for (const { wire, how } of cases) {
      const [path, body] = asking[wire]?.(how, how === 'Stream') ?? ['', {}];
      const sse = path.includes('streamG') ? 'alt=sse&' : '';
      const own = path.replace(/^\/[^/]+/, '');
      await fetch(`${origin}${own}?${sse}${queryNow()}`, {
        method: 'POST',
        headers: headersNow(),
        body: JSON.stringify({ ...body, ...fieldsNow() }),
      });
    }
    const dir = folderWith();
    write(dir, { 'traffic.har': JSON.stringify({ log: { version: '1.2', entries } }) });
    const said = await firedrill(['import', 'traffic.har', ...redact], dir);
    expect(said).toMatchObject({ code: 0 });
    const all = readRecordings(join(dir, 'firedrill/recordings/traffic.jsonl'));
    expect(all).toHaveLength(cases.length);
    expectWhole(all);
    expectClean([...textsIn(join(dir, 'firedrill')), ['out', said.out], ['err', said.err]]);
  }, 60_000);

  it('is in nothing that record writes', async () => {
    const { origin } = await echo();
    vi.stubEnv('OPENAI_API_KEY', quiet());
    vi.stubEnv('OPENAI_ORG_ID', quiet());
    vi.stubEnv('OPENAI_PROJECT_ID', quiet());
    vi.stubEnv('ANTHROPIC_API_KEY', quiet());
    vi.stubEnv('ANTHROPIC_AUTH_TOKEN', quiet());
    const dir = folderWith({
      'desk.yaml': `${workloadOf(1)}  - { id: bad, prompt: Fail }\n`,
      'chain.yaml': `targets:
  - { model: openai/gpt-4o, baseURL: "${origin}/v1" }
  - { model: anthropic/claude-haiku-4-5, baseURL: "${origin}" }
maxTokens: 100
`,
    });
    const words = ['record', '--chain', 'chain.yaml', '--workload', 'desk.yaml', '--yes'];
    const before = filesIn(dir).length;
    for (const how of ['--stream', '--no-stream']) {
      const said = await firedrill([...words, how, '--keep-errors', '--times', '2'], dir);
      expect(`${said.err}${said.out}`).toContain('8 recordings in');
      expectClean([...textsIn(dir), ['out', said.out], ['err', said.err]]);
    }
    expect(filesIn(dir).length).toBeGreaterThan(before);
    vi.unstubAllEnvs();
  }, 60_000);
});
