// The errors of the outside data whose recorders kept all headers, each with the rejection that
// stands for it, and what makes a rendered one differ from it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import type { Rejection } from '../../harness/faults/rejection.ts';
import { readExchanges } from '../../harness/importers/read-exchanges.ts';
import { parsed } from '../../harness/parsed-json.ts';
import type { Exchange } from '../../harness/upstream/exchange.ts';
import { recordedFailure } from '../../harness/upstream/recorded-failure.ts';
import { wires } from '../../harness/wires/index.ts';
import { record, text } from '../../harness/wires/json.ts';
import { parseSse, sseFrames } from '../../harness/wires/sse.ts';
import type { Asked, Frame, Wire } from '../../harness/wires/wire.ts';
import { rawRequest, stamp, textOf } from '../wires/served.ts';

interface Row {
  file: string;
  pos: string;
  provider: string;
  endpoint: string;
  status: string;
  kind: string;
  format: string;
  has_headers: string;
  response_sse: string;
  repo: string;
}

export interface RealError {
  /** `kind file#pos`. */
  name: string;
  kind: string;
  repo: string;
  /** Of the exchange; '' where its recorder left it out. */
  date: string;
  wire: Wire;
  exchange: Exchange;
  /** The error is inside a 200 stream. */
  inStream: boolean;
}

const formats = ['vcrpy', 'ruby-vcr', 'go-vcr', 'har-polly'];
const byEndpoint: Readonly<Record<string, Wire>> = {
  'chat.completions': wires['openai-chat'],
  responses: wires['openai-responses'],
  messages: wires['anthropic-messages'],
};

export function realErrors(dir: string): RealError[] {
  const rows = parse(readFileSync(join(dir, 'recordings/INDEX.csv')), { columns: true }) as Row[];
  return rows.flatMap((row) => {
    const { kind, repo, file, pos } = row;
    const wire = byEndpoint[row.endpoint];
    const ours = row.provider === 'openai' || row.provider === 'anthropic';
    const inStream = kind.startsWith('sse_error');
    if (!wire || !ours || row.has_headers !== 'yes' || !formats.includes(row.format)) return [];
    if (Number(row.status) < 400 && !inStream) return [];
    const exchange = readExchanges(join(dir, 'recordings', file)).exchanges[Number(pos)];
    if (!exchange) throw new Error(`${file} has no exchange ${pos}`);
    const date = headersOf(exchange.response.headers).get('date') ?? '';
    return [{ name: `${kind} ${file}#${pos}`, kind, repo, date, wire, exchange, inStream }];
  });
}

/** What stands for each kind of error; what the recording itself says comes from it. */
const standIns: Readonly<Record<string, Rejection>> = {
  error_400_billing: { reason: 'billing' },
  error_400_context_length: { reason: 'context-length' },
  error_400_invalid_request: { reason: 'invalid-request' },
  error_400_invalid_schema: { reason: 'invalid-request' },
  error_400_model_not_found: { reason: 'not-found' },
  error_401_auth: { reason: 'auth' },
  error_404_model_not_found: { reason: 'not-found', status: 404 },
  error_404_not_found: { reason: 'not-found', status: 404, body: 'empty' },
  error_429_insufficient_quota: { reason: 'quota' },
  error_429_request_too_large: { reason: 'too-large', status: 429 },
  error_429_requests: { reason: 'rate-limit' },
  error_429_tokens: {
    reason: 'rate-limit',
    limits: { tokens: { limit: 450_000, remaining: 0, resetMs: 65_000 } },
  },
  error_500_server_error: { reason: 'server-error' },
  error_503_unavailable: { reason: 'server-error', status: 503 },
  error_529_overloaded: { reason: 'overloaded' },
  sse_error_first: { reason: 'overloaded' },
  sse_error_midstream: { reason: 'overloaded' },
};

export const kinds = Object.keys(standIns);

/** Whether to retry is the wire's own to say; which parameter is at fault is the request's. */
export function standInFor({ kind, exchange, inStream, name }: RealError): Rejection {
  const standIn = standIns[kind];
  if (standIn === undefined) throw new Error(`nothing stands for ${name}`);
  const { status, headers, body } = exchange.response;
  const words = new TextDecoder().decode(body);
  const hint = recordedFailure({ status, headers, body: words, sse: inStream })?.hint ?? {};
  const { shouldRetry: _own, ...hints } = hint;
  const told = Object.keys(hints).length > 0 ? { hint: hints } : {};
  if (standIn.reason !== 'invalid-request') return { ...standIn, ...told };
  const error = record(record(parsed(words))?.error);
  const [code, param] = [text(error?.code), text(error?.param)];
  return { ...standIn, ...told, ...(code ? { code } : {}), ...(param ? { param } : {}) };
}

/** What is compared: by name and value, headers; by path and type, the body. */
export interface Look {
  status: number;
  headers: Map<string, string>;
  shape: Map<string, string>;
}

export function realLook({ wire, exchange, inStream }: RealError): Look {
  const { status, headers, body } = exchange.response;
  const said = inStream ? errorIn(sseFrames(body, wire)) : new TextDecoder().decode(body);
  return { status, headers: headersOf(headers), shape: shapeOf(said) };
}

export function ourLook(real: RealError, rejection: Rejection): Look {
  const { wire, inStream } = real;
  const asked = askedIn(real);
  if (inStream) {
    const frames = wire.errorFrames(rejection, asked, stamp, []);
    const headers = headersOf(wire.headers(asked, stamp));
    return { status: 200, headers, shape: shapeOf(errorIn(frames)) };
  }
  const { status, headers, frames } = wire.reject(rejection, asked, stamp);
  return { status, headers: headersOf(headers), shape: shapeOf(textOf(frames)) };
}

/** The recorded request, with a key in place of the one that its recorder left out. */
function askedIn({ wire, exchange, name }: RealError): Asked {
  const headers = { authorization: 'Bearer sk-test', 'anthropic-version': '2023-06-01' };
  const asked = wire.decode(rawRequest(exchange.request.url, exchange.request.body ?? '', headers));
  if (asked === null) throw new Error(`${wire.name} does not take ${name}`);
  return asked;
}

function errorIn(frames: readonly Frame[]): string {
  const events = parseSse(textOf(frames.filter(({ role }) => role === 'error')));
  return events.map(({ event, data }) => (event === 'error' ? data : `${event}: ${data}`)).join();
}

function headersOf(headers: readonly [string, string][]): Map<string, string> {
  return new Map(headers.map(([name, value]) => [name.toLowerCase(), value]));
}

/** `error.code`: `string`; of what is no JSON only whether there is anything. */
function shapeOf(body: string): Map<string, string> {
  const value = parsed(body);
  if (value === undefined) return new Map([['', body.trim() === '' ? 'nothing' : 'text']]);
  const shape = new Map<string, string>();
  const walk = (path: string, at: unknown): void => {
    const members = Array.isArray(at) ? { ...at } : record(at);
    shape.set(path, Array.isArray(at) ? 'list' : at === null ? 'null' : typeof at);
    for (const [name, member] of Object.entries(members ?? {})) {
      walk(path === '' ? name : `${path}.${name}`, member);
    }
  };
  walk('', value);
  return shape;
}

/** Headers whose value says what a client is to do; of the others only the names are compared. */
const meaningful = ['content-type', 'x-should-retry', 'retry-after', 'retry-after-ms'];

/** Each as a short text, `theirs: ...` or `ours: ...` where only one side has it. */
export function differences(real: Look, our: Look, ignored: (name: string) => boolean): string[] {
  const found = real.status === our.status ? [] : [`status ${real.status}, ours ${our.status}`];
  const names = [...new Set([...real.headers.keys(), ...our.headers.keys()])].toSorted();
  for (const name of names.filter((one) => !ignored(one))) {
    const [theirs, ours] = [real.headers.get(name), our.headers.get(name)];
    if (theirs === undefined) found.push(`ours: header ${name}`);
    else if (ours === undefined) found.push(`theirs: header ${name}`);
    else if (meaningful.includes(name) && theirs !== ours) {
      found.push(`header ${name} ${theirs}, ours ${ours}`);
    }
  }
  for (const path of [...new Set([...real.shape.keys(), ...our.shape.keys()])].toSorted()) {
    const [theirs, ours] = [real.shape.get(path), our.shape.get(path)];
    if (theirs === undefined) found.push(`ours: body ${path}`);
    else if (ours === undefined) found.push(`theirs: body ${path}`);
    else if (theirs !== ours) found.push(`body ${path} ${theirs}, ours ${ours}`);
  }
  return found;
}
