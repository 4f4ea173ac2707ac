// One HTTP exchange with a provider, as somebody recorded it: what importers produce
// and what a recording of kind "recorded" holds. A leaf: no logic, only the shape.
export interface Exchange {
  request: {
    method: string;
    url: string;
    /** Names as recorded; a name may repeat. */
    headers: [name: string, value: string][];
    /** Null where the recorder kept none. */
    body: string | null;
  };
  response: {
    status: number;
    /** Names as recorded; a name may repeat. Describes the body as it was on the wire. */
    headers: [name: string, value: string][];
    /** The body after decompression, byte for byte. */
    body: Uint8Array;
    /**
     * Transport chunks in order, where the recorder kept them: length in bytes, ms since headers.
     */
    chunks?: { bytes: number; atMs?: number }[];
  };
  /** ISO 8601, where known. */
  recordedAt?: string;
  /** Time of the whole call in ms, where known. */
  durationMs?: number;
}
