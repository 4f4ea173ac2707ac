// What a server plays is chosen, looked at and begun anew while it runs.
import { mkdirSync, symlinkSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { HistoryEvent } from '../../harness/history.ts';
import type { Serving } from '../../harness/realtime/serve.ts';
import type { SessionState } from '../../harness/realtime/session.ts';
import { drillKeys } from '../../harness/trial/drill-keys.ts';
import { folderWith } from '../cli.ts';
import { scenarioYaml, serveHere } from './served.ts';

interface Report {
  held: boolean;
  questions: number;
  requests: number;
  invariants: Record<string, { status: string; violations: number }>;
}

interface Answer {
  status: number;
  headers: Headers;
  text: string;
  error: string | undefined;
}

/** A body that is no text is sent as JSON. */
async function told(
  { control }: Serving,
  method: string,
  route: string,
  body?: unknown,
): Promise<Answer> {
  const response = await fetch(new URL(route, control), {
    method,
    ...(method === 'GET' ? {} : { headers: { 'content-type': 'application/json' } }),
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type') === 'application/json';
  const error: string | undefined = isJson ? JSON.parse(text).error?.message : undefined;
  return { status: response.status, headers: response.headers, text, error };
}

async function state(serving: Serving): Promise<SessionState> {
  return JSON.parse((await told(serving, 'GET', 'state')).text);
}

async function events(serving: Serving, since = 0): Promise<HistoryEvent[]> {
  const { text } = await told(serving, 'GET', `history?since=${since}`);
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line));
}

async function asks({ environment }: Serving, content = 'hello'): Promise<number> {
  const response = await fetch(`${environment.OPENAI_BASE_URL}/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${drillKeys.openai}` },
    body: JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content }] }),
  });
  await response.text();
  return response.status;
}

const down = '[{ inject: server-error, status: 503 }]';
const empty = '[{ inject: quota-exhausted }]';

describe('the control API', () => {
  it('says that it is there, what there is to play, and what is played', async () => {
    const serving = await serveHere(folderWith());
    expect(JSON.parse((await told(serving, 'GET', 'health')).text)).toMatchObject({ ok: true });
    const { scenarios } = JSON.parse((await told(serving, 'GET', 'scenarios')).text);
    expect(scenarios).toContain('provider-outage');
    expect(scenarios).toContain('incidents/openai-2025-06-10-slow-burn');
    expect(await state(serving)).toMatchObject({
      scenario: 'test',
      seed: 1,
      trial: 1,
      questions: 0,
      events: 1,
      events_before: 0,
    });
  });

  it('begins a new trial with a scenario of its name, its file or its text', async () => {
    const dir = folderWith({ 'drills/down.yaml': scenarioYaml(down, 'down') });
    const serving = await serveHere(dir);
    expect(await asks(serving)).toBe(200);
    await told(serving, 'PUT', 'scenario', { scenario: 'drills/down.yaml', seed: 7 });
    expect(await asks(serving)).toBe(503);
    expect(await state(serving)).toMatchObject({ scenario: 'down', seed: 7, trial: 2 });
    await told(serving, 'POST', 'scenario', { scenario: 'healthy' });
    expect(await asks(serving)).toBe(200);
    expect(await state(serving)).toMatchObject({ scenario: 'healthy', seed: 7, trial: 3 });
    await told(serving, 'PUT', 'scenario', { yaml: scenarioYaml(empty, 'empty') });
    expect(await asks(serving)).toBe(429);
    const trials = (await events(serving)).flatMap((event) => (event.e === 'trial' ? [event] : []));
    expect(trials.map(({ scenario, trial }) => [scenario, trial])).toEqual([
      ['test', 1],
      ['down', 2],
      ['healthy', 3],
      ['empty', 4],
    ]);
  });

  it('begins anew with the same faults, from their start: what was used up is back', async () => {
    const once = '[{ inject: server-error, status: 503, times: 1 }]';
    const serving = await serveHere(folderWith(), { faults: once });
    expect([await asks(serving), await asks(serving)]).toEqual([503, 200]);
    const reset = await told(serving, 'POST', 'reset');
    expect(JSON.parse(reset.text)).toMatchObject({
      ended: { held: true, questions: 1, requests: 2 },
      state: { trial: 2, questions: 0 },
    });
    expect([await asks(serving), await asks(serving)]).toEqual([503, 200]);
  });

  it('meets the same chances again after a reset, and others with another seed', async () => {
    const serving = await serveHere(folderWith(), {
      faults: '[{ inject: server-error, status: 503, chance: 50% }]',
    });
    const all = async (): Promise<number[]> => {
      const statuses: number[] = [];
      for (let n = 0; n < 12; n++) statuses.push(await asks(serving, `question ${n}`));
      return statuses;
    };
    const first = await all();
    await told(serving, 'POST', 'reset', {});
    expect(await all()).toEqual(first);
    await told(serving, 'POST', 'reset', { seed: 5 });
    expect(await all()).not.toEqual(first);
  });

  it('has the history from any event on, as it is on disk', async () => {
    const serving = await serveHere(folderWith());
    await asks(serving);
    const all = await events(serving);
    expect(all.map(({ e }) => e)).toEqual([
      'trial',
      'call',
      'attempt',
      'text',
      'reply',
      'end',
      'answer',
    ]);
    expect(await events(serving, 4)).toEqual(all.slice(4));
    expect(await events(serving, 7)).toEqual([]);
    expect((await told(serving, 'GET', 'history')).headers.get('x-firedrill-events')).toBe('7');
    expect(await told(serving, 'GET', 'history?since=x')).toMatchObject({ status: 400 });
  });

  it('reports on the trial so far, open questions too, and goes on', async () => {
    const serving = await serveHere(folderWith(), { faults: empty });
    for (let n = 0; n < 3; n++) await asks(serving);
    const report = async (): Promise<Report> =>
      JSON.parse((await told(serving, 'GET', 'report')).text);
    const first = await report();
    expect(first).toMatchObject({ held: false, questions: 1, requests: 3 });
    expect(first.invariants.I11).toMatchObject({ status: 'violated', violations: 1 });
    expect(await report()).toEqual(first);
    await asks(serving);
    expect(await report()).toMatchObject({ questions: 1, requests: 4 });
    await told(serving, 'POST', 'reset');
    expect(await report()).toMatchObject({ held: true, questions: 0 });
    // The verdict over all trials is not forgotten.
    const { rules, requests } = await serving.close();
    expect(requests).toBe(4);
    expect(rules.find(([id]) => id === 'I11')?.[1].status).toBe('violated');
  });

  it('tells what was asked and nobody plays, and so it does to who asked', async () => {
    const serving = await serveHere(folderWith());
    const url = serving.environment.OPENAI_BASE_URL ?? '';
    const response = await fetch(`${url}/models`);
    const body = (await response.json()) as { error: { type: string; message: string } };
    expect(response.status).toBe(404);
    expect(body.error.type).toBe('firedrill_unplayed');
    expect(body.error.message).toMatch(/^firedrill: no wire answers GET api\.openai\.com/);
    const { text } = await told(serving, 'GET', 'state');
    expect(JSON.parse(text).unplayed).toMatchObject({ count: 1 });
    expect(await asks(serving)).toBe(200);
  });
});

describe('the control API refuses, and goes on as before', () => {
  it.each([
    [{ scenario: 'total-outages' }, /did you mean total-outage\?/],
    [{ scenario: 'corpus' }, /^corpus is a folder/],
    [{ scenari: 'healthy' }, /unknown key "scenari" \(did you mean scenario\?\)/],
    [{}, /^write either "scenario"/],
    [{ scenario: 'healthy', yaml: 'name: x' }, /^write either "scenario"/],
    [{ scenario: 'healthy', seed: -1 }, /seed/],
    ['{"scenario": ', /^the body is no JSON/],
    ['[]', /body:1: /],
    [{ yaml: 'name: x\nfaults: 7\n' }, /^yaml:\d+: /],
    [{ yaml: scenarioYaml('[{ inject: stal }]') }, /yaml:5: .*did you mean stall\?/],
    [{ yaml: scenarioYaml('[]').replace('support-desk', 'nope') }, /unknown workload "nope"/],
  ])('%j', async (body, message) => {
    const serving = await serveHere(folderWith());
    const answer = await told(serving, 'PUT', 'scenario', body);
    expect(answer.status).toBe(400);
    expect(answer.error).toMatch(message);
    expect(await state(serving)).toMatchObject({ scenario: 'test', trial: 1 });
    expect(await asks(serving)).toBe(200);
  });

  it('a body that is longer than any scenario', async () => {
    const serving = await serveHere(folderWith());
    const long = { yaml: 'x'.repeat(1024 * 1024) };
    const { status, error } = await told(serving, 'PUT', 'scenario', long);
    expect(status).toBe(400);
    expect(error).toMatch(/^the body is too long: at most 1048576 bytes are read$/);
  });

  it('what lies outside the project, whether it is there or not', async () => {
    const outer = folderWith({ 'secret.yaml': scenarioYaml('[]'), 'desk.yaml': 'secret: words\n' });
    const project = join(outer, 'project');
    mkdirSync(project);
    symlinkSync(join(outer, 'secret.yaml'), join(project, 'link.yaml'));
    symlinkSync(join(outer, 'desk.yaml'), join(project, 'desk.yaml'));
    const serving = await serveHere(project);
    const workload = (file: string): object => ({
      yaml: scenarioYaml('[]').replace('support-desk', file),
    });
    const given = [
      { scenario: '../secret.yaml' },
      { scenario: '../no-such-file.yaml' },
      { scenario: join(outer, 'secret.yaml') },
      { scenario: 'x/../../secret.yaml' },
      { scenario: 'link.yaml' },
      { scenario: 'secret.yaml\0' },
      { scenario: '..' },
      workload('../desk.yaml'),
      workload('desk.yaml'),
      workload('/etc/x.yaml'),
    ];
    for (const body of given) {
      const answer = await told(serving, 'PUT', 'scenario', body);
      expect(answer.error, JSON.stringify(body)).toMatch(/is outside the project/);
      expect(answer.error).not.toContain('words');
    }
    expect(await state(serving)).toMatchObject({ trial: 1 });
  });

  it('paths and methods that it does not have', async () => {
    const serving = await serveHere(folderWith());
    expect(await told(serving, 'GET', 'nope')).toMatchObject({
      status: 404,
      error: expect.stringMatching(/write one of GET \/__firedrill\/health/),
    });
    expect((await told(serving, 'GET', '/')).status).toBe(404);
    const wrong = await told(serving, 'DELETE', 'reset');
    expect(wrong).toMatchObject({ status: 405 });
    expect(wrong.headers.get('allow')).toBe('POST');
    expect((await told(serving, 'GET', 'constructor')).status).toBe(404);
  });
});

describe('a web page', () => {
  /** As a browser would send it; fetch lets nobody choose these headers. */
  function sent(serving: Serving, headers: Record<string, string>): Promise<[number, string]> {
    return new Promise((resolve, reject) => {
      const options = { method: 'POST', headers, port: serving.port, path: '/__firedrill/reset' };
      const asking = request({ host: '127.0.0.1', ...options }, (response) => {
        response.resume();
        const allowed = response.headers['access-control-allow-origin'] ?? 'none';
        resolve([response.statusCode ?? 0, allowed]);
      });
      asking.on('error', reject).end('{}');
    });
  }

  it.each([
    ['of another origin', { origin: 'https://evil.example', 'content-type': 'application/json' }],
    ['with a form', { 'content-type': 'text/plain' }],
    ['of this machine', { 'sec-fetch-site': 'same-site', 'content-type': 'application/json' }],
    ['under a bent name', { host: 'evil.example:8787', 'content-type': 'application/json' }],
  ])('%s cannot drive a server, nor read it', async (_, headers) => {
    const serving = await serveHere(folderWith());
    const [status, allowed] = await sent(serving, headers as Record<string, string>);
    expect([403, 415]).toContain(status);
    expect(allowed).toBe('none');
    expect(await state(serving)).toMatchObject({ trial: 1 });
  });
});
