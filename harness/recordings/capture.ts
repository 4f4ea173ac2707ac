// The fetch under an SDK that keeps what goes through it: the bytes of a response as they come, and
// when. The SDK reads the same bytes at the same time.

import type { Sent } from './own-words.ts';

export interface Captured {
  request: Sent;
  status: number;
  headers: [name: string, value: string][];
  /** From the request to the headers, ms; null: nobody knows. */
  headersMs: number | null;
  /** Decompressed. */
  body: Uint8Array;
  /** Bytes and ms since the headers of each piece, as it was read; null: nobody knows. */
  chunks: { bytes: number; atMs?: number }[] | null;
  /** Whether the body came to its end. */
  isWhole: boolean;
}

/** Stands in for the network: the response to a request that was made before. */
export type Before = () => Response | null;

export class Capture {
  readonly #fetch: typeof globalThis.fetch;
  readonly #nowMs: () => number;
  readonly #before: Before;
  #last: Promise<Captured> | null = null;

  constructor(fetch: typeof globalThis.fetch, nowMs: () => number, before: Before) {
    this.#fetch = fetch;
    this.#nowMs = nowMs;
    this.#before = before;
  }

  readonly fetch: typeof globalThis.fetch = async (input, init) => {
    this.#last = null;
    const again = this.#before();
    if (again) return again;
    const startMs = this.#nowMs();
    const response = await this.#fetch(input, init);
    const headersAtMs = this.#nowMs();
    const { status, statusText, headers, body } = response;
    const begun = {
      request: { url: urlOf(input), headers: [...new Headers(init?.headers)] },
      status,
      headers: [...headers],
      headersMs: tenths(headersAtMs - startMs),
    };
    if (!body) {
      const empty = { body: new Uint8Array(), chunks: [], isWhole: true };
      this.#last = Promise.resolve({ ...begun, ...empty });
      return response;
    }
    const { promise, resolve } = Promise.withResolvers<Captured>();
    this.#last = promise;
    const passed = new ReadableStream<Uint8Array>({
      start: async (controller) => {
        const parts: Uint8Array[] = [];
        const chunks: NonNullable<Captured['chunks']> = [];
        let isWhole = true;
        // Goes on when the SDK stops reading: what it leaves belongs to the recording.
        let heard = true;
        const pass = (tell: () => void): void => {
          try {
            if (heard) tell();
          } catch {
            heard = false;
          }
        };
        try {
          for await (const part of body) {
            chunks.push({ bytes: part.length, atMs: tenths(this.#nowMs() - headersAtMs) });
            parts.push(part.slice());
            pass(() => controller.enqueue(part));
          }
          pass(() => controller.close());
        } catch (error) {
          isWhole = false;
          pass(() => controller.error(error));
        }
        resolve({ ...begun, body: new Uint8Array(Buffer.concat(parts)), chunks, isWhole });
      },
    });
    return new Response(passed, { status, statusText, headers });
  };

  /** What the last request brought, once all of it is there; null where nothing came. */
  async taken(): Promise<Captured | null> {
    const last = await this.#last;
    this.#last = null;
    return last;
  }
}

function urlOf(input: Parameters<typeof globalThis.fetch>[0]): string {
  return input instanceof Request ? input.url : String(input);
}

export function tenths(ms: number): number {
  return Math.max(0, Math.round(ms * 10) / 10);
}
