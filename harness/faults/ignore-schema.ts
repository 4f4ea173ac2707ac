import { z } from 'zod';
import type { Effect } from './effect.ts';
import type { Fault } from './fault.ts';

const settings = z.strictObject({});

/** A request that asks for JSON by a schema gets prose; others get what they asked for. */
export const ignoreSchema: Fault<Record<never, never>> = {
  kind: 'ignore-schema',
  describe: 'prose where the request asked for an answer by a JSON Schema',
  example: '{ inject: ignore-schema }',
  settings,
  decide: (_given, attempt): Effect | null =>
    attempt.asks().schema ? { kind: 'answer', change: { to: 'prose' } } : null,
};
