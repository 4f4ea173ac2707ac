// The contract of a machine check: does one text satisfy one plain rule? A check is pure and total:
// no clock, no network, no model, and an answer for every text. That is what lets a drill score
// every call it makes and give the same score on every run.
import type { z } from 'zod';

/**
 * One kind of check. `settings` parses the whole YAML object (its key is the kind, options stand
 * beside it) and may prepare it, so that `holds` is cheap; a kind that is made of other checks is
 * handed what reads them. `example` is one line of YAML.
 */
export interface Check<Settings> {
  kind: string;
  /** One line for `firedrill list checks` and for editors. */
  describe: string;
  example: string;
  settings: z.ZodType<Settings> | ((part: z.ZodType<ParsedCheck>) => z.ZodType<Settings>);
  holds(settings: Settings, text: string): boolean;
}

/** A check that is ready to be asked. `weight` is above 0; `label` names it in a report. */
export interface ParsedCheck {
  kind: string;
  weight: number;
  label: string;
  holds(text: string): boolean;
}
