import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { DialectName } from '../../harness/dialects/dialect-name.ts';
import { inDialect } from '../../harness/dialects/in-dialect.ts';
import { dialects } from '../../harness/dialects/index.ts';
import type { Hint, Reason, Rejection } from '../../harness/faults/rejection.ts';
import { readExchanges } from '../../harness/importers/read-exchanges.ts';
import { wires } from '../../harness/wires/index.ts';
import type { Reply } from '../../harness/wires/wire.ts';
import { describeData } from '../data.ts';
import type { Recorded } from '../wires/recorded.ts';
import { recordedExchanges } from '../wires/recorded.ts';
import { askedOf, stamp, textOf } from '../wires/served.ts';

/** Which reason of ours a kind of the index is; its status is the recorded one. */
const reasons: readonly [kind: RegExp, reason: Reason][] = [
  [/content_filter/, 'content-policy'],
  [/auth/, 'auth'],
  [/not_found/, 'not-found'],
  [/error_429_upstream/, 'overloaded'],
  [/error_429/, 'rate-limit'],
  [/unavailable/, 'overloaded'],
  [/permission/, 'permission'],
  [/error_413/, 'too-large'],
  [/error_408/, 'timeout'],
  [/error_422|invalid_request|tool_use_failed|sse_error/, 'invalid-request'],
];

/** Where a recorded body has another shape than ours, by what it says, and why. */
const differences: readonly [says: RegExp, why: string][] = [
  [/"failed_generation"/, 'shows what the model wrote, which a rejection of ours has none of'],
];

function errorsOf(dir: string): Recorded[] {
  return recordedExchanges(dir).filter(
    ({ row }) => row.provider in dialects && /^(error|sse_error)/.test(row.kind),
  );
}

/** Every member with the type of its value; a text that is no JSON is a text. */
function shapeOf(body: string): string[] {
  const event = body
    .trim()
    .split('\n\n')
    .findLast((one) => one.includes('"error"'));
  const data = /^(?:event: (.*)\n)?data: (.*)$/.exec(event ?? '');
  const json = data?.[2] ?? body;
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return ['text'];
  }
  const paths: string[] = data?.[1] === undefined ? [] : [`event ${data[1]}`];
  const walk = (at: string, part: unknown): void => {
    if (typeof part !== 'object' || part === null)
      paths.push(`${at}: ${part === null ? null : typeof part}`);
    else for (const [name, member] of Object.entries(part)) walk(`${at}.${name}`, member);
  };
  walk('', value);
  return paths.sort();
}

function ours({ row, wire, sse, body }: Recorded, hint: Hint = {}): Reply {
  const reason = reasons.find(([kind]) => kind.test(row.kind))?.[1];
  if (reason === undefined) throw new Error(`no reason for ${row.kind}`);
  const path = wire === 'openai-responses' ? 'responses' : 'chat/completions';
  const question = { model: row.model, messages: [], stream: sse };
  const asked = askedOf(wires[wire], `https://llm.test/v1/${path}`, question);
  const spoken = inDialect(wires[wire], dialects[row.provider as DialectName]);
  const rejection: Rejection = { reason, hint, ...(own.has(reason) ? namesIn(body) : {}) };
  if (sse) {
    const headers = spoken.headers(asked, stamp);
    return { status: 200, headers, sse, frames: spoken.errorFrames(rejection, asked, stamp) };
  }
  return spoken.reject({ ...rejection, status: Number(row.status) }, asked, stamp);
}

/** What is wrong with a request is the rule's to say. */
const own: ReadonlySet<Reason> = new Set(['invalid-request', 'not-found']);

function namesIn(body: Uint8Array): { code?: string; param?: string } {
  const [, code] = /"code": ?"(\w*[a-z]\w*)"/.exec(new TextDecoder().decode(body)) ?? [];
  const [, param] = /"param": ?"(\w+)"/.exec(new TextDecoder().decode(body)) ?? [];
  return { ...(code ? { code } : {}), ...(param ? { param } : {}) };
}

describeData('errors of hosts with a dialect, as others recorded them', (dir) => {
  const shapes = (one: Recorded) => {
    const reply = ours(one);
    expect(reply.status).toBe(Number(one.row.status));
    return [shapeOf(new TextDecoder().decode(one.body)), shapeOf(textOf(reply.frames))];
  };

  it('have the members and types that ours have, but for known differences', () => {
    const rows = errorsOf(dir);
    expect(new Set(rows.map(({ row }) => row.provider)).size).toBe(6);
    expect(rows.length).toBeGreaterThan(30);
    const seen = new Set<string>();
    for (const one of rows) {
      const text = new TextDecoder().decode(one.body);
      const known = differences.find(([says]) => says.test(text));
      const [theirs, mine] = shapes(one);
      if (known) {
        seen.add(known[1]);
        expect(mine, one.row.file).not.toEqual(theirs);
      } else expect(mine, one.row.file).toEqual(theirs);
    }
    expect(seen.size).toBe(differences.length);
  });

  it('have the content type and the retry hints that ours have', () => {
    const kept = ['vcrpy', 'ruby-vcr'];
    const rows = errorsOf(dir).filter(({ row }) => kept.includes(row.format));
    expect(rows.length).toBeGreaterThan(15);
    let hinted = 0;
    for (const one of rows) {
      const { file, pos } = one.row;
      const exchange = readExchanges(join(dir, 'recordings', file)).exchanges[Number(pos)];
      const theirs = new Headers(exchange?.response.headers);
      const retryAfter = theirs.get('retry-after');
      const retryAfterMs = theirs.get('retry-after-ms');
      const hint: Hint = {
        ...(retryAfter === null ? {} : { retryAfter }),
        ...(retryAfterMs === null ? {} : { retryAfterMs }),
      };
      const mine = new Headers(ours(one, hint).headers);
      for (const name of ['retry-after', 'retry-after-ms']) {
        expect(mine.get(name), file).toBe(theirs.get(name));
        if (theirs.has(name)) hinted++;
      }
      const type = (headers: Headers) => headers.get('content-type')?.split(';')[0];
      expect(type(mine), file).toBe(type(theirs));
    }
    expect(hinted).toBeGreaterThan(3);
  });
});
