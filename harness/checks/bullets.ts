import { z } from 'zod';
import type { Check } from './check.ts';

interface Settings {
  min: number;
  max: number;
}

const limit = z.number().int().min(0);
const BULLET = /^\s*(?:[-*\u2022\u2013]|\d{1,2}[.)])\s+\S/;

/**
 * The text has from `min` to `max` list lines: `- x`, `* x`, a dash or round bullet, `1. x` or `1)
 * x`.
 */
export const bullets: Check<Settings> = {
  kind: 'bullets',
  example: '{ bullets: { min: 3, max: 3 } }',
  settings: z
    .strictObject({
      bullets: z
        .strictObject({
          min: limit.optional().describe('At least so many.'),
          max: limit.optional().describe('At most so many.'),
        })
        .refine((raw) => raw.min !== undefined || raw.max !== undefined, 'give min, max or both')
        .refine((raw) => (raw.min ?? 0) <= (raw.max ?? Infinity), 'min is above max')
        .describe('How many list lines the text has: `- x`, `* x`, `1. x` or `1) x`.'),
    })
    .transform((raw) => ({ min: raw.bullets.min ?? 0, max: raw.bullets.max ?? Infinity })),
  holds({ min, max }, text) {
    const count = text.split('\n').filter((line) => BULLET.test(line)).length;
    return count >= min && count <= max;
  },
};
