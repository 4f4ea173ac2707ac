import { z } from 'zod';
import type { Fault } from './fault.ts';

/** Nothing happens: the baseline, and the fault that the contract kit is tested against. */
export const noop: Fault<Record<never, never>> = {
  kind: 'noop',
  describe: 'nothing happens',
  example: '{ inject: noop }',
  settings: z.strictObject({}),
  decide: () => null,
};
