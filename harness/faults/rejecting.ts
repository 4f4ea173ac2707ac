// What rejecting faults share beside the hints: how the body looks and when it comes.
import { z } from 'zod';
import { expectedText, expecting } from '../scenario/issue.ts';
import { durationMs } from '../scenario/units.ts';
import type { TerminalEffect } from './effect.ts';
import { hintKeys, hintOf } from './hint.ts';
import { bodyForms, type Rejection } from './rejection.ts';

const silenceWords = 'a duration like 30s, or forever';

/** The YAML keys of every fault that rejects, to be spread into its settings. */
export const rejectKeys = {
  ...hintKeys,
  bodySilence: z
    .string({ error: expecting(silenceWords) })
    .transform((text, context): number | null => {
      const ms = text === 'forever' ? null : durationMs(text);
      if (ms !== null || text === 'forever') return ms;
      context.addIssue({ code: 'custom', message: expectedText(silenceWords, text) });
      return z.NEVER;
    })
    .optional()
    .describe('How long the body comes after the headers, like 30s; forever: it never does.'),
};

/** The keys of faults that choose their status, and with it any body. */
export const bodyKeys = {
  body: z
    .enum(bodyForms)
    .default('own')
    .describe(
      "What stands in the body: the provider's own error, or what something in its place sends.",
    ),
  message: z.string().optional().describe("What it says, in place of the provider's own words."),
  code: z.string().optional().describe("Its code, in place of the provider's own."),
  ...rejectKeys,
};

type Given = Parameters<typeof hintOf>[0] & {
  body?: Rejection['body'];
  message?: string | undefined;
  code?: string | undefined;
  bodySilence?: number | null | undefined;
};

/** The rejection as the keys above change it. */
export function rejecting(rejection: Rejection, given: Given): TerminalEffect & { kind: 'reject' } {
  const { body, message, code, bodySilence } = given;
  return {
    kind: 'reject',
    rejection: {
      ...rejection,
      ...(body === undefined ? {} : { body }),
      ...hintOf(given),
      ...(message === undefined ? {} : { message }),
      ...(code === undefined ? {} : { code }),
    },
    ...(bodySilence === undefined ? {} : { bodySilenceMs: bodySilence }),
  };
}
