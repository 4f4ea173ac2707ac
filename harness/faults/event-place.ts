// Places for what stands between two events of a stream: within one it would be none.
import { position } from '../scenario/units.ts';
import type { Position } from './effect.ts';

export const eventPlace = position.refine(isBetweenEvents, {
  message: 'stands between events, not inside one: write event 3, 20 tokens or 40%',
});

export function isBetweenEvents({ at }: Position): boolean {
  return at !== 'byte' && at !== 'inside-character';
}
