// What an official SDK shows of one exchange: the request that somebody recorded, sent again by the
// SDK, and all that its caller can see of the response. Knows no recordings.
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import type { WireName } from '../../harness/wires/wire-name.ts';
import { geminiView } from './gemini-view.ts';

export interface RecordedRequest {
  wire: WireName;
  /** Absolute, as recorded. */
  url: string;
  headers: [name: string, value: string][];
  body: Record<string, unknown>;
}

export interface SdkView {
  status: number | null;
  headers: Record<string, string>;
  requestId: string | null;
  /** The parsed body, or the chunks up to the end or to the error. */
  value: unknown[];
  error: Record<string, unknown> | null;
}

interface Answered {
  data: unknown;
  response: Response;
  request_id?: string | null | undefined;
}

/** `origin`: where the request goes instead of its own host; its path and query stay. */
export async function sdkView(request: RecordedRequest, origin: string | null): Promise<SdkView> {
  const view: SdkView = { status: null, headers: {}, requestId: null, value: [], error: null };
  const { wire } = request;
  if (wire === 'gemini') return googleView(request, origin);
  if (wire === 'openai-embeddings') throw new Error('no recording has vectors');
  try {
    const { data, response, request_id } = await send({ ...request, wire }, origin);
    view.status = response.status;
    view.headers = visible(response.headers);
    view.requestId = request_id ?? null;
    if (isStream(data)) for await (const chunk of data) view.value.push(plain(chunk));
    else view.value.push(plain(data));
  } catch (error) {
    if (!(error instanceof OpenAI.APIError) && !(error instanceof Anthropic.APIError)) throw error;
    if (error.headers) view.headers = visible(error.headers);
    view.error = {
      class: error.constructor.name,
      message: error.message,
      status: error.status,
      code: Reflect.get(error, 'code'),
      type: Reflect.get(error, 'type'),
      param: Reflect.get(error, 'param'),
      requestId: Reflect.get(error, 'requestID') ?? Reflect.get(error, 'request_id'),
      body: plain(error.error),
    };
  }
  return view;
}

async function googleView(request: RecordedRequest, origin: string | null): Promise<SdkView> {
  const { url, body } = request;
  const { response, value, error } = await geminiView(new URL(url), body, origin);
  return {
    status: error ? null : (response?.status ?? null),
    headers: response ? visible(response.headers) : {},
    requestId: null,
    value,
    error: error && { class: error.name, message: error.message, status: error.status },
  };
}

const paths = {
  'openai-chat': '/chat/completions',
  'openai-responses': '/responses',
  'anthropic-messages': '/v1/messages',
} as const;

type OwnSdk = RecordedRequest & { wire: keyof typeof paths };

function send(request: OwnSdk, origin: string | null): Promise<Answered> {
  const { wire, body } = request;
  const url = new URL(request.url);
  const base = url.pathname.slice(0, url.pathname.lastIndexOf(paths[wire]));
  const settings = {
    apiKey: 'sk-test-000000000000000000000000',
    baseURL: `${origin ?? url.origin}${base}`,
    maxRetries: 0,
    defaultQuery: Object.fromEntries(url.searchParams),
    defaultHeaders: { 'anthropic-version': '2023-06-01', ...kept(request.headers) },
    // Without one, the SDK refuses large answers that are not streamed before it asks.
    timeout: 60_000,
  };
  switch (wire) {
    case 'openai-chat': {
      const client = new OpenAI(settings);
      return client.chat.completions.create(body as never).withResponse();
    }
    case 'openai-responses': {
      const client = new OpenAI(settings);
      return client.responses.create(body as never).withResponse();
    }
    case 'anthropic-messages': {
      const client = new Anthropic(settings);
      if (!url.searchParams.has('beta')) {
        return client.messages.create(body as never).withResponse();
      }
      return client.beta.messages.create(body as never).withResponse();
    }
    default:
      return wire satisfies never;
  }
}

function kept(headers: RecordedRequest['headers']): Record<string, string> {
  const names = ['anthropic-version', 'anthropic-beta'];
  const found = headers.map(([name, value]): [string, string] => [name.toLowerCase(), value]);
  return Object.fromEntries(found.filter(([name]) => names.includes(name)));
}

/** What belongs to one connection, and what names a person: not kept by an import. */
const ignored = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'content-length',
  'content-encoding',
  'set-cookie',
  'openai-organization',
  'openai-project',
  'anthropic-organization-id',
  'anthropic-workspace-id',
]);

function visible(headers: Headers): Record<string, string> {
  return Object.fromEntries([...headers].filter(([name]) => !ignored.has(name)));
}

function isStream(data: unknown): data is AsyncIterable<unknown> {
  return typeof data === 'object' && data !== null && Symbol.asyncIterator in data;
}

function plain(value: unknown): unknown {
  return value === undefined ? null : JSON.parse(JSON.stringify(value));
}
