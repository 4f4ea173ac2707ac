// What network.ts uses of MSW is experimental and may move in any release: this fails when it does.
// Then read network.ts beside the new MSW, run test/contract/parity.test.ts, and move the version.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { ClientRequestInterceptor } from '@mswjs/interceptors/ClientRequest';
import { defineNetwork, HttpNetworkFrame, NetworkSource } from 'msw/experimental';
import { http } from 'msw/http';
import { describe, expect, test } from 'vitest';
import { LightRequest } from '../../harness/network/light-request.ts';

const url = 'https://api.openai.com/v1/chat/completions';
const light = (headers: Record<string, string> = {}): Request =>
  new LightRequest(new URL(url).href, 'POST', new Headers(headers), '{}') as unknown as Request;

type Outcome = { kind: 'respond' | 'error' | 'passthrough'; what?: unknown };

class ProbeFrame extends HttpNetworkFrame {
  readonly outcomes: Outcome[] = [];

  override respondWith(what?: Response): void {
    this.outcomes.push({ kind: 'respond', what });
  }

  override errorWith(what?: unknown): void {
    this.outcomes.push({ kind: 'error', what });
  }

  override passthrough(): void {
    this.outcomes.push({ kind: 'passthrough' });
  }
}

class ProbeSource extends NetworkSource<ProbeFrame> {
  enabled = 0;
  disabled = 0;

  override enable(): void {
    this.enabled++;
  }

  override disable(): void {
    super.disable();
    this.disabled++;
  }
}

/** Sends a frame through a network with one handler. */
async function resolved(
  request: Request,
  resolver: Parameters<typeof http.all>[1],
): Promise<Outcome[]> {
  const source = new ProbeSource();
  const network = defineNetwork({
    sources: [source],
    handlers: [http.all('*', resolver)],
    context: { quiet: true },
    onUnhandledFrame: 'error',
  });
  await network.enable();
  const frame = new ProbeFrame({ request, id: 'probe' });
  // Only a listener of the frame itself keeps MSW from printing what a handler throws.
  frame.events.on('unhandledException', () => {});
  await source.queue(frame);
  await network.disable();
  expect([source.enabled, source.disabled]).toEqual([1, 1]);
  return frame.outcomes;
}

describe('MSW is the one that network.ts was written for', () => {
  test('its version is pinned, and that of its interceptors', () => {
    const versionOf = (name: string): unknown => {
      const manifest = createRequire(import.meta.url).resolve(`${name}/package.json`);
      return JSON.parse(readFileSync(manifest, 'utf8')).version;
    };
    const root = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
    expect(root.dependencies).toMatchObject({ msw: '3.0.5', '@mswjs/interceptors': '0.45.12' });
    expect(versionOf('msw')).toBe('3.0.5');
  });

  test('a handler gets the very request of the frame, and the frame its response', async () => {
    const request = light();
    const response = new Response('accepted');
    let got: unknown;
    const outcomes = await resolved(request, ({ request: given }) => {
      got = given;
      return response;
    });
    expect(got).toBe(request);
    expect(outcomes).toEqual([{ kind: 'respond', what: response }]);
  });

  test('what a handler throws errors the frame, and is no response', async () => {
    const mistake = new Error('no recording');
    const outcomes = await resolved(light(), () => {
      throw mistake;
    });
    expect(outcomes).toEqual([{ kind: 'error', what: mistake }]);
  });

  test('a frame that resolves itself is given the handlers, and nothing but a listener', async () => {
    const uses: unknown[] = [];
    class SelfResolving extends ProbeFrame {
      override readonly events = { on: (type: string) => uses.push(type) } as never;

      override async resolve(...[handlers]: Parameters<HttpNetworkFrame['resolve']>) {
        const { request, id: requestId } = this.data;
        for (const handler of handlers) {
          uses.push((await handler.run({ request, requestId }))?.response?.status);
        }
        return true;
      }
    }
    const source = new ProbeSource();
    const handlers = [http.all('*', () => new Response(null, { status: 202 }))];
    const network = defineNetwork({ sources: [source], handlers, context: { quiet: true } });
    await network.enable();
    const frame = new SelfResolving({ request: new Request(url), id: 'probe' });
    await source.queue(frame);
    await source.queue(frame);
    await network.disable();
    expect(uses).toEqual(['*', 202, '*', 202]);
  });

  test('a handler runs in the async context of whoever queued the frame, within microtasks', async () => {
    let turns = 0;
    let resolvedAt = -1;
    const count = (): void => {
      turns++;
      setImmediate(count).unref();
    };
    setImmediate(count);
    const outcomes = await resolved(light(), () => {
      resolvedAt = turns;
      return new Response(null);
    });
    expect(outcomes).toHaveLength(1);
    expect(resolvedAt).toBe(0);
  });

  test('interception of node:http tells the request, its sender and how to answer', async () => {
    const interceptor = new ClientRequestInterceptor();
    interceptor.apply();
    const told: unknown[] = [];
    interceptor.on('request', async ({ request, initiator, controller }) => {
      told.push(request.url, (initiator as object).constructor.name, await request.text());
      controller.respondWith(new Response('answered', { status: 201 }));
    });
    const { request } = await import('node:http').then((module) => module.default);
    const status = await new Promise((resolve, reject) => {
      request('http://api.test/path', { method: 'POST' }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on('error', reject)
        .end('body');
    });
    interceptor.dispose();
    expect(status).toBe(201);
    expect(told).toEqual(['http://api.test/path', 'ClientRequest', 'body']);
  });
});
