import { getEventListeners } from 'node:events';
import { describe, expect, test } from 'vitest';
import type { Delivery } from '../../harness/upstream/delivery.ts';
import { frames, onStage, silent, streamed, streamedUntil, whole } from '../stage.ts';

const url = 'https://api.openai.com/v1/chat/completions';
const post = { method: 'POST', body: '{}' };
const ask = (signal?: AbortSignal): Promise<Response> =>
  fetch(url, { ...post, ...(signal ? { signal } : {}) });

/** The error of what must fail. */
async function failure(of: Promise<unknown>): Promise<unknown> {
  const error = await of.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).not.toBeNull();
  return error;
}

/** Reads piece by piece; what came, and how it ended. */
async function pieces(response: Response): Promise<{ got: string[]; error: unknown }> {
  const got: string[] = [];
  const decoder = new TextDecoder();
  try {
    for await (const piece of response.body ?? []) got.push(decoder.decode(piece));
  } catch (error) {
    return { got, error };
  }
  return { got, error: null };
}

describe('a signal', () => {
  const reason = new Error('the user went home');

  test('that aborts before the headers rejects with its reason, and ends the attempt', async () => {
    const controller = new AbortController();
    const { value, log, virtualMs, timersLeft } = await onStage(
      () => silent,
      () => {
        setTimeout(() => controller.abort(reason), 700);
        return failure(ask(controller.signal));
      },
    );
    expect(value).toBe(reason);
    expect(log).toEqual(['aborted after 0']);
    expect([virtualMs, timersLeft]).toEqual([700, 0]);
  });

  test('that aborts after the headers errors the body with its reason', async () => {
    const controller = new AbortController();
    const { value, log, timersLeft } = await onStage(
      () => streamedUntil(2, 'never'),
      async () => {
        setTimeout(() => controller.abort(reason), 700);
        return pieces(await ask(controller.signal));
      },
    );
    expect(value).toEqual({ got: ['one ', 'two '], error: reason });
    expect(value.error).toBe(reason);
    expect([log, timersLeft]).toEqual([['headers', 'aborted after 2'], 0]);
  });

  test('that has aborted already sends nothing', async () => {
    const { value, calls } = await onStage(
      () => whole(''),
      () => failure(ask(AbortSignal.abort(reason))),
    );
    expect([value, calls]).toEqual([reason, []]);
  });

  test('that aborts in the very turn of the request ends it as well', async () => {
    const controller = new AbortController();
    const { value, log } = await onStage(
      () => whole('late'),
      () => {
        const asked = failure(ask(controller.signal));
        controller.abort(reason);
        return asked;
      },
    );
    expect([value, log]).toEqual([reason, ['aborted after 0']]);
  });

  test('of a deadline aborts with a TimeoutError at its time', async () => {
    const { value, virtualMs } = await onStage(
      () => silent,
      () => failure(ask(AbortSignal.timeout(2500))),
    );
    expect(value).toMatchObject({ name: 'TimeoutError' });
    expect(virtualMs).toBe(2500);
  });

  test('that serves a thousand requests keeps no listener and draws no warning', async () => {
    const warnings: Error[] = [];
    const onWarning = (warning: Error): number => warnings.push(warning);
    process.on('warning', onWarning);
    const { signal } = new AbortController();
    const deliveries: Delivery[] = [
      whole('x'),
      streamed(),
      streamedUntil(1, 'reset'),
      { kind: 'broken', how: 'fin', atMs: 3 },
    ];
    let turn = 0;
    await onStage(
      () => deliveries[turn++ % deliveries.length] as Delivery,
      async () => {
        const asked = Array.from({ length: 1000 }, () =>
          ask(signal).then((response) => response.text()),
        );
        await Promise.allSettled(asked);
      },
    );
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', onWarning);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
    expect(warnings).toEqual([]);
    expect(turn).toBe(1000);
  });
});

describe('a body', () => {
  test('that is cancelled ends the attempt there', async () => {
    const { log, timersLeft, value } = await onStage(
      () => streamed({ times: [10, 20, 90_000], end: { how: 'complete', atMs: 90_000 } }),
      async () => {
        const reader = (await ask()).body?.getReader();
        await reader?.read();
        await reader?.cancel();
        return reader?.read();
      },
    );
    expect(value).toEqual({ done: true, value: undefined });
    expect([log, timersLeft]).toEqual([['headers', 'aborted after 1'], 0]);
  });

  test('belongs to its reader: the next one gets its own', async () => {
    const one = streamed();
    const { value } = await onStage(
      () => one,
      async () => {
        for await (const piece of (await ask()).body ?? []) piece.fill(0);
        const bytes = new Uint8Array(await (await ask()).arrayBuffer());
        structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
        return (await ask()).text();
      },
    );
    expect(value).toBe('one two three');
  });

  test('comes in the pieces and at the times of its plan; what is due at once comes as one', async () => {
    const at: number[] = [];
    const { value } = await onStage(
      () =>
        streamed({
          frames: frames('a', 'b', 'c', 'd'),
          times: [10, 10, 500, 900],
          end: { how: 'complete', atMs: 900 },
        }),
      async () => {
        const got: string[] = [];
        for await (const piece of (await ask()).body ?? []) {
          got.push(new TextDecoder().decode(piece));
          at.push(performance.now());
        }
        return got;
      },
    );
    expect(value).toEqual(['ab', 'c', 'd']);
    expect(at.map((ms) => ms - (at[0] ?? 0))).toEqual([0, 490, 890]);
  });
});

describe('a connection that breaks', () => {
  test('with the last bytes: a FIN comes behind them, a reset overtakes headers and bytes', async () => {
    const last = { frames: frames('one '), times: [10] };
    const fin = await onStage(
      () => streamed({ ...last, end: { how: 'fin', atMs: 10 } }),
      async () => pieces(await ask()),
    );
    expect(fin.value).toMatchObject({
      got: ['one '],
      error: { message: 'terminated', cause: { code: 'UND_ERR_SOCKET' } },
    });
    const reset = await onStage(
      () => streamed({ ...last, end: { how: 'reset', atMs: 10 } }),
      () => failure(ask()),
    );
    expect(reset.value).toMatchObject({ message: 'fetch failed', cause: { code: 'ECONNRESET' } });
    expect(reset.log).toEqual(['reset after 0']);
  });

  test('in the middle errors the body behind the bytes that came', async () => {
    const { value, log } = await onStage(
      () => streamedUntil(2, 'reset'),
      async () => pieces(await ask()),
    );
    expect(value.got).toEqual(['one ', 'two ']);
    expect(value.error).toBeInstanceOf(TypeError);
    expect(value.error).toMatchObject({ cause: { code: 'ECONNRESET', syscall: 'read' } });
    expect(log).toEqual(['headers', 'reset after 2']);
  });
});

describe('the client’s own limits', () => {
  test('are those of undici unless the stage has others', async () => {
    const { virtualMs } = await onStage(
      () => silent,
      () => failure(ask()),
    );
    expect(virtualMs).toBe(301_000);
  });

  test('count from the last byte, whatever it was', async () => {
    const limits = { headersMs: 1000, bodyMs: 300 };
    const slow = { times: [10, 250, 500], end: { how: 'never', atMs: Number.POSITIVE_INFINITY } };
    const { value, log, virtualMs } = await onStage(
      () => streamed(slow as never),
      async () => pieces(await ask()),
      { limits },
    );
    expect(value).toMatchObject({
      got: ['one ', 'two ', 'three'],
      error: { message: 'terminated' },
    });
    expect(value.error).toMatchObject({ cause: { name: 'BodyTimeoutError' } });
    expect([log, virtualMs]).toEqual([['headers', 'client-timeout after 3'], 800]);
  });

  test('that are infinite leave no timer: silence is proven to hang', async () => {
    const never = Number.POSITIVE_INFINITY;
    const limits = { headersMs: never, bodyMs: never };
    const { ending } = await onStage(
      () => silent,
      () => ask(),
      { limits },
    );
    expect(ending).toEqual({ end: 'hung' });
  });
});
