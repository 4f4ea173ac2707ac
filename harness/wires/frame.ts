import type { FramePart } from '../faults/effect.ts';
import type { Frame, FrameRole } from './wire.ts';

const encoder = new TextEncoder();

/** A frame of UTF-8 text. */
export function frameOf(
  text: string,
  role: FrameRole,
  chars = 0,
  marker = false,
  part?: FramePart,
): Frame {
  const frame: Frame = { bytes: encoder.encode(text), role, chars, marker };
  if (part !== undefined) frame.part = part;
  return frame;
}

/** A comment, which every reader of event streams skips. */
export function commentFrame(words: string): Frame {
  return frameOf(`: ${words}\n\n`, 'keepalive', 0, false, 'ping');
}
