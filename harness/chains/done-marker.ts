// Whether a stream of chat completions ended with [DONE]. The SDK keeps that to itself, and without
// it an answer that some gateways end without a finish_reason looks like one that was cut off.

type Fetch = typeof globalThis.fetch;

export interface DoneWatch {
  fetch: Fetch;
  /** Whether the bytes of a response so far end with the marker. */
  isDone(response: Response): boolean;
}

/** Longer than the marker and the line before its end. */
const tailBytes = 32;
const marker = /(^|\n)data: ?\[DONE\]\s*$/;

export function watchDone(fetch: Fetch): DoneWatch {
  const tails = new WeakMap<Response, () => string>();
  return {
    isDone: (response) => marker.test(tails.get(response)?.() ?? ''),
    async fetch(input, init) {
      const response = await fetch(input, init);
      const type = response.headers.get('content-type') ?? '';
      if (!response.ok || !response.body || !type.includes('text/event-stream')) return response;
      let tail = Buffer.alloc(0);
      const body = noting(response.body, (bytes) => {
        tail = Buffer.concat([tail, bytes.subarray(-tailBytes)]).subarray(-tailBytes);
      });
      const { status, statusText, headers } = response;
      const watched = new Response(body, { status, statusText, headers });
      tails.set(watched, () => tail.toString('latin1'));
      return watched;
    },
  };
}

/** The same bytes, in the same pieces, read no earlier than they are asked for. */
function noting(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  note: (bytes: Uint8Array) => void,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const reader = body.getReader();
  return new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = await reader.read();
        if (done) {
          controller.close();
          return;
        }
        note(value);
        controller.enqueue(value);
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}
