// Server-sent events as bytes. Recorded streams are served byte for byte, so splitting keeps
// every byte: line ends (\n, \r\n, \r), comments, padding and stray blank lines included.
import { parsed } from '../parsed-json.ts';
import { record } from './json.ts';
import type { Frame, SseEvent, Wire } from './wire.ts';

const LF = 10;
const CR = 13;

/** Collects a stream into blocks of one event each; joined, the blocks are the stream. */
export interface SseSplitter {
  /** The blocks that this chunk completes. */
  push(chunk: Uint8Array): Uint8Array[];
  /** What is left at the end of the stream: an unfinished block, blank lines, or nothing. */
  end(): Uint8Array[];
}

/** A block ends with the blank line after its fields; blank lines before them belong to it. */
export function sseSplitter(): SseSplitter {
  let kept: Uint8Array[] = [];
  let lineEmpty = true;
  let hasField = false;
  let afterCr = false;
  let complete = false;

  function push(chunk: Uint8Array): Uint8Array[] {
    const blocks: Uint8Array[] = [];
    let start = 0;
    const cut = (end: number): void => {
      blocks.push(joined([...kept, chunk.subarray(start, end)]));
      kept = [];
      start = end;
      hasField = false;
      complete = false;
    };
    for (let i = 0; i < chunk.length; i++) {
      const byte = chunk[i];
      const crlf = afterCr && byte === LF;
      if (complete) cut(crlf ? i + 1 : i);
      afterCr = byte === CR;
      if (crlf) continue;
      if (byte === LF || byte === CR) {
        complete = lineEmpty && hasField;
        lineEmpty = true;
        // After a CR it is open whether the line end is one byte or two.
        if (complete && byte === LF) cut(i + 1);
      } else {
        lineEmpty = false;
        hasField = true;
      }
    }
    if (start < chunk.length) kept.push(chunk.subarray(start));
    return blocks;
  }

  function end(): Uint8Array[] {
    const rest = joined(kept);
    kept = [];
    return rest.length > 0 ? [rest] : [];
  }
  return { push, end };
}

/** The events of a stream; a block without fields that matter (comments, `retry:`) is none. */
export function parseSse(text: string): SseEvent[] {
  const events: SseEvent[] = [];
  let event: string | null = null;
  let data: string | null = null;
  for (const line of linesOf(text)) {
    if (line === '') {
      if (event !== null || data !== null) events.push({ event, data: data ?? '' });
      event = null;
      data = null;
      continue;
    }
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const from = line.charCodeAt(colon + 1) === 32 ? colon + 2 : colon + 1;
    const value = colon < 0 ? '' : line.slice(from);
    if (field === 'event') event = value;
    else if (field === 'data') data = data === null ? value : `${data}\n${value}`;
  }
  return events;
}

/** A recorded stream body as frames, tagged by the wire. Comments and the rest are keepalives. */
export function sseFrames(body: Uint8Array, wire: Pick<Wire, 'classify'>): Frame[] {
  const splitter = sseSplitter();
  const decoder = new TextDecoder();
  const blocks = [...splitter.push(body), ...splitter.end()];
  return blocks.map((bytes) => {
    const text = decoder.decode(bytes);
    // A body among the events, as Google tells an error: no field, but no silence either.
    const bare = record(parsed(text)) ? { event: null, data: text } : undefined;
    const event = parseSse(text)[0] ?? bare;
    if (event === undefined) return { bytes, role: 'keepalive', chars: 0, marker: false };
    return { bytes, ...wire.classify(event) };
  });
}

/** Lines that have a line end; what follows the last one is not a line yet. */
function* linesOf(text: string): Generator<string> {
  let start = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  for (let i = start; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code !== LF && code !== CR) continue;
    yield text.slice(start, i);
    if (code === CR && text.charCodeAt(i + 1) === LF) i++;
    start = i + 1;
  }
}

export function joined(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1 && parts[0] !== undefined) return parts[0];
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
