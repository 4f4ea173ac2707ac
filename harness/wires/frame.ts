import type { Frame, FrameRole } from './wire.ts';

const encoder = new TextEncoder();

/** A frame of UTF-8 text. */
export function frameOf(text: string, role: FrameRole, chars = 0, marker = false): Frame {
  return { bytes: encoder.encode(text), role, chars, marker };
}
