// The fetch under an SDK that keeps what goes through it: the bytes of a response as they come, and
// when. The SDK reads the same bytes at the same time.

export interface Captured {
  request: { headers: [name: string, value: string][] };
  status: number;
  headers: [name: string, value: string][];
  /** From the request to the headers, ms. */
  headersMs: number;
  /** Decompressed. */
  body: Uint8Array;
  /** Bytes and ms since the headers of each piece, as it was read. */
  chunks: { bytes: number; atMs: number }[];
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
      request: { headers: [...new Headers(init?.headers)] },
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
        const chunks: Captured['chunks'] = [];
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

function tenths(ms: number): number {
  return Math.max(0, Math.round(ms * 10) / 10);
}
