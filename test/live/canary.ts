// A canary in every place of a request, for each wire, through everything that records; and what
// is found of it afterwards in all that was written or printed.
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { bodyOf, readRecordings } from '../../harness/upstream/recording.ts';
import { filesIn, firedrill, write } from '../cli.ts';
import { workloadOf } from '../recordings/desk.ts';
import { echo } from './echo.ts';
import type { Recording } from './recording.ts';

export interface CanarySeen {
  /** Requests, each with a canary in every place. */
  requests: number;
  recordings: number;
  /** Texts that were looked through: files at all times, and what was printed. */
  texts: number;
  bytes: number;
  /** Where a canary was found, with what stands around it. */
  found: string[];
}

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

class Search {
  readonly seen: CanarySeen = { requests: 0, recordings: 0, texts: 0, bytes: 0, found: [] };

  text(where: string, text: string): void {
    this.seen.texts++;
    this.seen.bytes += text.length;
    const packed = [needle, words].map((one) => Buffer.from(one).toString('base64').slice(0, 14));
    for (const bad of [needle, words, 'cust-4', ...packed]) {
      const at = text.indexOf(bad);
      if (at < 0) continue;
      this.seen.found.push(`${where}: ...${text.slice(Math.max(0, at - 80), at + 60)}...`);
    }
  }

  below(dir: string): void {
    for (const path of filesIn(dir)) {
      if (statSync(path).isFile()) this.text(path, readFileSync(path, 'utf8'));
    }
  }

  /** Also where a stream has it in pieces: the letters of its events, joined. */
  recordings(file: string): void {
    const all = readRecordings(file);
    this.seen.recordings += all.length;
    for (const one of all) {
      if (one.kind !== 'recorded') continue;
      const body = Buffer.from(bodyOf(one)).toString('utf8');
      const place = /"(?:delta|text|content|partial_json)":"((?:[^"\\]|\\.)*)"/g;
      const letters = [...body.matchAll(place)].map(([, piece = '']) => piece).join('');
      this.text(`${file}, ${one.wire} in pieces`, letters);
    }
  }
}

/** One request for each wire and each way to answer, with new canaries. */
async function ask(root: string, isPlain: boolean, each: (said: Said) => void): Promise<void> {
  for (const { wire, how } of cases) {
    const [path, body] = asking[wire]?.(how, how === 'Stream') ?? ['', {}];
    const own = isPlain ? path.replace(/^\/[^/]+/, '') : path;
    const sse = path.includes('streamG') ? 'alt=sse&' : '';
    const response = await fetch(`${root}${own}?${sse}${queryNow()}`, {
      method: 'POST',
      headers: headersNow(),
      body: JSON.stringify({ ...body, ...fieldsNow() }),
    });
    each({ how, response, text: await response.text() });
  }
}

/** What the app has of an answer. */
export interface Said {
  how: 'Fail' | 'Whole' | 'Stream';
  response: Response;
  text: string;
}

export async function canaryInProxy(
  dir: string,
  open: (dir: string, words: string[]) => Promise<Recording>,
  each: (said: Said) => void = () => {},
): Promise<CanarySeen> {
  const there = await echo();
  const { origin } = there;
  const search = new Search();
  const upstream = ['--upstream', `openai=${origin}/v1`, `anthropic=${origin}`, `google=${origin}`];
  const proxy = await open(dir, [...upstream, '--keep-errors', ...redact]);
  const root = new URL(proxy.control).origin;
  await ask(root, false, (said) => {
    search.seen.requests++;
    search.below(dir);
    each(said);
  });
  search.text('state', await (await fetch(`${proxy.control}state`)).text());
  await fetch(`${root}/nobody.test/${random()}?key=${quiet()}`);
  await fetch(`${root}/api.openai.com/v1/models?key=${quiet()}`);
  await proxy.end();
  await there.close();
  search.below(dir);
  search.recordings(join(dir, 'firedrill/recordings/desk.jsonl'));
  search.text('out', proxy.out());
  search.text('err', proxy.err());
  return search.seen;
}

export async function canaryInImport(dir: string): Promise<CanarySeen> {
  const there = await echo();
  const search = new Search();
  await ask(there.origin, true, () => search.seen.requests++);
  await there.close();
  const log = { version: '1.2', entries: there.entries };
  write(dir, { 'traffic.har': JSON.stringify({ log }) });
  const said = await firedrill(['import', 'traffic.har', ...redact], dir);
  search.below(join(dir, 'firedrill'));
  search.recordings(join(dir, 'firedrill/recordings/traffic.jsonl'));
  search.text('out', said.out);
  search.text('err', said.err);
  return search.seen;
}

/** By the variables from which SDKs take keys and accounts. */
export function canaryVariables(): Record<string, string> {
  const names = ['OPENAI_API_KEY', 'OPENAI_ORG_ID', 'OPENAI_PROJECT_ID', 'ANTHROPIC_API_KEY'];
  return Object.fromEntries([...names, 'ANTHROPIC_AUTH_TOKEN'].map((name) => [name, quiet()]));
}

/** With `canaryVariables` in the environment. */
export async function canaryInRecord(dir: string): Promise<CanarySeen> {
  const there = await echo();
  const search = new Search();
  write(dir, {
    'desk.yaml': `${workloadOf(1)}  - { id: bad, prompt: Fail }\n`,
    'chain.yaml': `targets:
  - { model: openai/gpt-4o, baseURL: "${there.origin}/v1" }
  - { model: anthropic/claude-haiku-4-5, baseURL: "${there.origin}" }
maxTokens: 100
`,
  });
  const asked = ['record', '--chain', 'chain.yaml', '--workload', 'desk.yaml', '--yes'];
  for (const how of ['--stream', '--no-stream']) {
    const said = await firedrill([...asked, how, '--keep-errors', '--times', '2'], dir);
    search.below(dir);
    search.recordings(join(dir, 'authored.jsonl'));
    search.text('out', said.out);
    search.text('err', said.err);
  }
  search.seen.requests = there.entries.length;
  await there.close();
  return search.seen;
}

export const canaryPlaces = {
  headers: Object.keys(ownHeaders).length + otherHeaders.length,
  parameters: ownParameters.length + otherParameters.length,
  cases: cases.length,
};
