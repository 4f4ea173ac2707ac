import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { HistoryEvent } from '../../harness/history.ts';
import { callScope, enableNetwork } from '../../harness/network/network.ts';
import { shippedTargets } from '../../harness/project.ts';
import { recordingDigest } from '../../harness/recordings/recording-digest.ts';
import { createAnswerBook } from '../../harness/upstream/answer-book.ts';
import { bodyOf } from '../../harness/upstream/recording.ts';
import { createSchedule } from '../../harness/upstream/schedule.ts';
import { createTargets, readTargets } from '../../harness/upstream/targets.ts';
import { createUpstream } from '../../harness/upstream/upstream.ts';
import { wires } from '../../harness/wires/index.ts';
import { describeData } from '../data.ts';
import { plainServer } from './plain-server.ts';
import type { Case, Import } from './recorded-cases.ts';
import { importAll } from './recorded-cases.ts';
import type { RecordedRequest, SdkView } from './sdk-view.ts';
import { sdkView } from './sdk-view.ts';

/** By `file#pos`: what cannot be compared, and why. At most ten. */
const skipped: ReadonlyMap<string, string> = new Map([
  [
    'raw/tmc__langchaingo/llms/googleai/testdata/TestGoogleAIGenerateContentWithMultipleMessages.httprr#0',
    'a stream as one JSON array: the SDK for JavaScript cannot ask for it, nor read it',
  ],
]);

interface Ours {
  view: SdkView;
  events: HistoryEvent[];
}

describeData('recorded exchanges', (dir) => {
  const project = mkdtempSync(join(tmpdir(), 'firedrill-recorded-'));
  afterAll(() => rmSync(project, { recursive: true, force: true }));
  let imported: Import;
  let compared: Case[] = [];
  const originals = new Map<Case, SdkView>();
  const served = new Map<Case, Ours>();

  beforeAll(async () => {
    // The SDK warns of models that are as old as the recordings.
    vi.spyOn(console, 'warn').mockImplementation(() => {});
    imported = await importAll(dir, project);
    compared = imported.cases.filter(({ name }) => !skipped.has(name));
    await showOriginals(compared, originals);
    await serve(compared, join(project, 'firedrill/targets.yaml'), served);
  });

  it('are imported: 289 of eight formats, 265 of them on endpoints of a wire, 122 errors', () => {
    const { said, exchanges, cases } = imported;
    expect(said).toMatchObject({ code: 0, err: '' });
    expect(exchanges).toBe(289);
    expect(cases).toHaveLength(265);
    expect(cases.filter(isError)).toHaveLength(122);
    expect(said.out).toMatch(/^265 answers to \d+ prompts \(122 of them errors\)\n/);
    expect(said.out).toContain('\n24 left out:\n');
  });

  it('keep every byte of every body but the ids of accounts, and the status', () => {
    for (const { name, exchange, recording } of imported.cases) {
      expect(recording.exchange.status, name).toBe(exchange.response.status);
      expect(Buffer.from(bodyOf(recording)).equals(exchange.response.body), name).toBe(true);
      expect(recording.digest, name).toBe(recordingDigest(recording));
    }
  });

  it('are skipped for a reason only, and ten at most', () => {
    const names = new Set(imported.cases.map(({ name }) => name));
    expect(skipped.size).toBeLessThanOrEqual(10);
    for (const [name, reason] of skipped) {
      expect(names).toContain(name);
      expect(reason).toMatch(/\w+ \w+/);
    }
  });

  it('show the official SDK what the undisturbed original shows it', () => {
    expect(originals.size + skipped.size).toBe(265);
    for (const one of compared) {
      const original = originals.get(one);
      expect(original?.status ?? original?.error?.status, one.name).toBe(Number(one.row.status));
      expect(served.get(one)?.view, one.name).toEqual(original);
    }
  });

  it('raise all 122 errors in the SDK, each of a class of its own API', () => {
    const errors = compared.filter(isError);
    const raised = errors.map((one) => served.get(one)?.view.error?.class);
    expect(raised.filter((name) => name !== undefined)).toHaveLength(122);
    expect(raised).not.toContain('APIConnectionError');
    const fine = compared.filter((one) => !isError(one));
    expect(fine).toHaveLength(142);
    for (const one of fine) {
      const { view } = served.get(one) ?? {};
      expect(view?.error, one.name).toBeNull();
      expect(view?.value.length, one.name).toBeGreaterThan(0);
    }
  });

  it('are one attempt each, in which nothing was injected, with the class of its error', () => {
    for (const one of compared) {
      const events = served.get(one)?.events ?? [];
      const kinds = events.map(({ e }) => e).filter((e) => e !== 'text');
      expect(kinds, one.name).toEqual(['attempt', 'reply', 'end']);
      const reply = events.find(({ e }) => e === 'reply');
      const end = events.find(({ e }) => e === 'end');
      const { status, kind } = one.row;
      expect(reply, one.name).toMatchObject({ status: Number(status) });
      const reason = Number(status) >= 400 ? expect.any(String) : null;
      expect(reply, one.name).toMatchObject({ reason });
      const inBand = kind.startsWith('sse_error') ? expect.any(String) : null;
      expect(end, one.name).toMatchObject({ how: 'complete', inBand, marker: !isError(one) });
    }
  });

  it('would differ if one letter of a body did', async () => {
    for (const status of ['200', '429']) {
      const one = compared.find(({ row }) => row.status === status);
      if (!one) throw new Error(`no exchange with the status ${status}`);
      const text = Buffer.from(bodyOf(one.recording)).toString();
      const changed = text.replace(/"(content|message|text)": ?"[^"]/, (found) => `${found}!`);
      expect(changed).not.toBe(text);
      const exchange = { ...one.recording.exchange, body: { text: changed } };
      const other = { ...one, recording: { ...one.recording, exchange } };
      const views = new Map<Case, Ours>();
      await serve([other], join(project, 'firedrill/targets.yaml'), views);
      expect(views.get(other)?.view).not.toEqual(originals.get(one));
    }
  });

  it('leave no credential, cookie or organisation behind', () => {
    const text = readFileSync(join(project, 'firedrill/recordings/all.jsonl'), 'utf8');
    const names = text.split('\n').flatMap((line) => {
      if (line === '') return [];
      const headers: [string, string][] = JSON.parse(line).exchange.headers;
      return headers.map(([name]) => name.toLowerCase());
    });
    expect(names).toContain('request-id');
    expect(names.filter((name) => /cookie|organization|authorization|api-key/.test(name))).toEqual(
      [],
    );
  });
});

function isError({ row }: Case): boolean {
  return Number(row.status) >= 400 || row.kind.startsWith('sse_error');
}

function requestOf({ exchange, recording }: Case): RecordedRequest {
  const { url, headers, body } = exchange.request;
  return { wire: recording.wire, url, headers, body: JSON.parse(body ?? '{}') };
}

async function showOriginals(cases: Case[], views: Map<Case, SdkView>): Promise<void> {
  const server = await plainServer();
  try {
    for (const one of cases) {
      server.serve(one.exchange.response);
      views.set(one, await sdkView(requestOf(one), server.origin));
      expect(server.seen.splice(0).map(withoutAlt), one.name).toEqual([
        withoutAlt(`POST ${pathOf(one.exchange.request.url)}`),
      ]);
    }
  } finally {
    await server.close();
  }
}

function pathOf(url: string): string {
  const { pathname, search } = new URL(url);
  return `${pathname}${search}`;
}

/**
 * Google's SDK for JavaScript always asks for events; others leave that out, or ask for an array.
 * Where a client put the key into the query, its place shows.
 */
function withoutAlt(line: string): string {
  return line.replace(/\?(?:(?:%24)?alt|key)=[^&]*$/, '');
}

/** Every exchange as the recording of its sample, over the virtual network. */
async function serve(cases: Case[], hosts: string, views: Map<Case, Ours>): Promise<void> {
  const targets = createTargets(readTargets([shippedTargets, hosts]));
  const network = await enableNetwork();
  try {
    for (const one of cases) {
      const { sample, recording } = one;
      const events: HistoryEvent[] = [];
      let failure: Error | null = null;
      const upstream = createUpstream({
        seed: 1,
        book: createAnswerBook({
          name: 'one',
          provenance: 'recorded',
          samples: [sample],
          recordings: [recording],
        }),
        targets,
        wires: Object.values(wires),
        schedule: createSchedule([], 1),
        record: (event) => events.push(event),
        now: () => 0,
        epochMs: 0,
        keys: {},
      });
      const failed = new Promise<never>((_, reject) => {
        network.enter({
          upstream,
          timers: { set: (run) => setImmediate(run), clear: () => {} },
          fail: (error) => {
            failure ??= error;
            reject(error);
          },
        });
      });
      const call = callScope.run({ call: 1, sample: sample.id }, () =>
        sdkView(requestOf(one), null),
      );
      views.set(one, { view: await Promise.race([call, failed]), events });
      if (failure) throw failure;
    }
  } finally {
    network.leave();
    await network.disable();
  }
}
