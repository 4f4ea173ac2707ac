// LiteLLM and Portkey as they ship, each over the loopback providers. Where they are not installed
// these tests are skipped, and their names say so.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readReferenceSettings } from '../../harness/chains/reference-config.ts';
import type { RunningGateway } from '../../harness/gateways/gateway.ts';
import { gateways } from '../../harness/gateways/index.ts';
import { packageRoot } from '../../harness/project.ts';
import { isListening, processesOf, processesWith } from './left-over.ts';
import type { Providers } from './providers.ts';
import { openProviders } from './providers.ts';

/** Nothing real: both are looked for in what a gateway writes and says. */
const keys = { OPENAI_API_KEY: 'sk-canary-openai', ANTHROPIC_API_KEY: 'sk-canary-anthropic' };
const primary = 'openai/gpt-4o';
const fallback = 'anthropic/claude-3-5-sonnet-latest';
const outage = '[{ inject: server-error, status: 503, on: { provider: openai } }]';

for (const kind of Object.values(gateways)) {
  const version = kind.installed(packageRoot);
  const isMissing = version === null && process.env.FIREDRILL_REQUIRE_GATEWAYS !== '1';
  const skipped = isMissing ? ' (skipped: npm run setup:gateways has not been run) (gateways)' : '';

  describe.skipIf(isMissing)(`${kind.name}${skipped}`, () => {
    let dir: string;
    let providers: Providers;
    let running: RunningGateway;
    let client: OpenAI;

    beforeAll(async () => {
      dir = mkdtempSync(join(tmpdir(), `firedrill-${kind.name}-`));
      providers = await openProviders();
      running = await kind.start({
        settings: readReferenceSettings(join(packageRoot, 'fixtures/chains/gpt-first.yaml')),
        origin: providers.origin,
        root: packageRoot,
        keys,
        dir,
        signal: new AbortController().signal,
      });
      client = new OpenAI({
        baseURL: running.baseURL,
        apiKey: 'none',
        defaultHeaders: running.headers,
        maxRetries: 0,
      });
    }, 180_000);
    afterAll(async () => {
      await running?.stop();
      await providers?.close();
      rmSync(dir, { recursive: true, force: true });
    });

    // Every question differs, so that no cache of a gateway can answer it.
    let asked = 0;
    const question = () => ({
      model: running.model,
      messages: [{ role: 'user' as const, content: `${++asked} ${providers.prompt}` }],
    });

    async function whole(): Promise<string> {
      const { choices } = await client.chat.completions.create(question());
      return choices[0]?.message.content ?? '';
    }

    async function streamed(): Promise<string> {
      let text = '';
      const stream = await client.chat.completions.create({ ...question(), stream: true });
      for await (const { choices } of stream) text += choices[0]?.delta.content ?? '';
      return text;
    }

    it('hands on what the primary answers, in one piece and as a stream', async () => {
      providers.next();
      expect(await whole()).toBe(providers.answer(primary));
      expect(providers.next()).toEqual([primary]);
      expect(await streamed()).toBe(providers.answer(primary));
      expect(providers.next()).toEqual([primary]);
    });

    it('asks the fallback when the primary answers 503, after its retries', async () => {
      providers.next(outage);
      expect(await whole()).toBe(providers.answer(fallback));
      expect(providers.next(outage)).toEqual([primary, primary, fallback]);
      expect(await streamed()).toBe(providers.answer(fallback));
      expect(providers.next()).toEqual([primary, primary, fallback]);
    });

    it('answers the same question again from its cache, where the translation has one', async () => {
      const cached = !running.notSaid.some((one) => one.startsWith('cache:'));
      const same = question();
      providers.next();
      await client.chat.completions.create(same);
      expect(providers.next()).toEqual([primary]);
      await client.chat.completions.create(same);
      expect(providers.next()).toEqual(cached ? [] : [primary]);
    });

    it('ends with an error when every target does', async () => {
      providers.next('[{ inject: server-error, status: 503 }]');
      const error = await whole().then(
        () => null,
        (reason: unknown) => reason,
      );
      expect(error).toBeInstanceOf(OpenAI.APIError);
      expect((error as InstanceType<typeof OpenAI.APIError>).status).toBeGreaterThanOrEqual(500);
      providers.next();
    });

    it('writes no key where a report would show it, and asks for nothing else', () => {
      const { configuration, logFile } = running;
      expect(`${configuration}${readFileSync(logFile, 'utf8')}`).not.toMatch(/sk-canary/);
      expect(running.version).toBe(version);
      expect(providers.failures).toEqual([]);
    });

    it('leaves nothing when it is stopped', async () => {
      const port = Number(new URL(running.baseURL).port);
      expect(processesOf(running.group).length).toBeGreaterThan(0);
      await running.stop();
      expect(processesOf(running.group)).toEqual([]);
      expect(processesWith(dir)).toEqual([]);
      expect(await isListening(port)).toBe(false);
    });
  });
}
