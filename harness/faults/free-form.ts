import { z } from 'zod';
import type { Effect } from './effect.ts';
import type { Fault } from './fault.ts';

const settings = z.strictObject({});

/** Whoever leaves the schema out of a request gets prose; who asks by a schema gets JSON. */
export const freeForm: Fault<Record<never, never>> = {
  kind: 'free-form',
  describe: 'prose where the request does not ask for an answer by a JSON Schema',
  example: '{ inject: free-form }',
  settings,
  decide: (_given, attempt): Effect | null =>
    attempt.asks().schema ? null : { kind: 'answer', change: { to: 'prose' } },
};
