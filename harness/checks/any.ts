import { z } from 'zod';
import type { Check, ParsedCheck } from './check.ts';

/** Several ways to be right. */
export const any: Check<ParsedCheck[]> = {
  kind: 'any',
  describe: 'at least one of these checks holds',
  example: '{ any: [{ contains: ["refund"] }, { contains: ["money back"] }] }',
  settings: (part) =>
    z
      .strictObject({ any: z.array(part).min(2, 'needs two or more').describe('Other checks.') })
      .transform((raw) => raw.any),
  holds: (parts, text) => parts.some((part) => part.holds(text)),
};
