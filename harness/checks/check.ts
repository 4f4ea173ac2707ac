// The contract of a machine check: does one text satisfy one plain rule? A check is pure and total:
// no clock, no network, no model, and an answer for every text. That is what lets a drill score
// every call it makes and give the same score on every run.
import type { z } from 'zod';

/**
 * One kind of check. `settings` parses the whole YAML object (its key is the kind, options stand
 * beside it) and may prepare it, so that `holds` is cheap. `example` is one line of YAML.
 */
export interface Check<Settings> {
  kind: string;
  example: string;
  settings: z.ZodType<Settings>;
  holds(settings: Settings, text: string): boolean;
}

/**
 * A text as checks compare it: compatibility forms unified, typographic quotes made plain, runs of
 * white space made one space, ends trimmed, lower case unless `keepCase`. Models differ in these
 * without differing in what they say.
 */
export function folded(text: string, keepCase = false): string {
  const plain = text
    .normalize('NFKC')
    .replace(/[\u2018\u2019]/g, "'")
    .replace(/[\u201c\u201d]/g, '"')
    .replace(/\s+/g, ' ')
    .trim();
  return keepCase ? plain : plain.toLowerCase();
}
