import { z } from 'zod';
import type { Check, ParsedCheck } from './check.ts';

/** Several rules that count as one. */
export const all: Check<ParsedCheck[]> = {
  kind: 'all',
  describe: 'all of these checks hold; together they count once',
  example: '{ all: [{ letterCase: lower }, { language: en }] }',
  settings: (part) =>
    z
      .strictObject({ all: z.array(part).min(2, 'needs two or more').describe('Other checks.') })
      .transform((raw) => raw.all),
  holds: (parts, text) => parts.every((part) => part.holds(text)),
};
