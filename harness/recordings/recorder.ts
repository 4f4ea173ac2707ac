// Who made a recording, as its source says it. A leaf.
import type { Recording } from '../upstream/recording.ts';

export const recorder = 'firedrill record';
export const proxyRecorder = 'firedrill serve --record';

/** Whether `record` asked for it, and may ask again. */
export function isByRecord({ asked, source = '' }: Recording): boolean {
  return asked !== undefined && !source.startsWith(proxyRecorder);
}
