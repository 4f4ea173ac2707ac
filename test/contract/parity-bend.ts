// Answers bent by hand, for what no fault does yet: each takes a healthy answer of any wire.
import type { Frame } from '../../harness/wires/wire.ts';
import type { Answered } from './parity-row.ts';

const encoder = new TextEncoder();

function frame(text: string): Frame {
  return { bytes: encoder.encode(text), role: 'error', chars: 0, marker: false };
}

/** Without its last event, that is without `[DONE]`, `response.completed` or `message_stop`. */
export function withoutLastEvent(healthy: Answered): Answered {
  return { ...healthy, frames: healthy.frames.slice(0, -1), times: healthy.times.slice(0, -1) };
}

/** Behind the third piece of text comes `text`, and then the rest. */
export function inMidStream(healthy: Answered, text: string): Answered {
  const { frames, times } = healthy;
  const payloads = frames.flatMap(({ role }, index) => (role === 'payload' ? [index] : []));
  const at = (payloads[2] ?? 0) + 1;
  return {
    ...healthy,
    frames: [...frames.slice(0, at), frame(text), ...frames.slice(at)],
    times: [...times.slice(0, at), times[at] ?? 0, ...times.slice(at)],
  };
}

/** A 200 with another body and its type, or with none. */
export function instead(healthy: Answered, type: string, text: string): Answered {
  const atMs = healthy.headersAtMs ?? 0;
  const headers = healthy.headers.filter(([name]) => name !== 'content-type');
  return {
    ...healthy,
    headers: [['content-type', type], ...headers],
    sse: false,
    frames: text === '' ? [] : [frame(text)],
    times: text === '' ? [] : [atMs],
    end: { how: 'complete', atMs },
  };
}
