import { z } from 'zod';
import type { Check, ParsedCheck } from './check.ts';

export const not: Check<ParsedCheck> = {
  kind: 'not',
  describe: 'this check does not hold',
  example: "{ not: { regex: '\\bcheap', flags: i } }",
  settings: (part) =>
    z.strictObject({ not: part.describe('Another check.') }).transform((raw) => raw.not),
  holds: (part, text) => !part.holds(text),
};
