// One entry of a sample's `checks`: a plain check, which is decided at once, or one that a model
// decides.
import { z } from 'zod';
import type { ParsedCheck } from '../checks/check.ts';
import { checkSchema, noKindText } from '../checks/grade.ts';
import { checks } from '../checks/index.ts';
import { telling } from '../scenario/issue.ts';
import type { JudgedCheck } from './judged-check.ts';
import { judgedCheck } from './judged-check.ts';

export type SampleCheck = { plain: ParsedCheck } | { judged: JudgedCheck };

export const sampleCheck = z.unknown().transform((raw, ctx): SampleCheck => {
  const keys = typeof raw === 'object' && raw !== null ? Object.keys(raw) : [];
  const isJudged = keys.includes('judged');
  if (!isJudged && !keys.some((key) => Object.hasOwn(checks, key))) {
    const known = [...Object.keys(checks), 'judged'];
    ctx.addIssue({ code: 'custom', message: noKindText(keys, known) });
    return z.NEVER;
  }
  const read = (isJudged ? judgedCheck : checkSchema).safeParse(raw, telling);
  for (const issue of read.error?.issues ?? []) {
    ctx.addIssue({ code: 'custom', path: issue.path, message: issue.message });
  }
  if (!read.success) return z.NEVER;
  return 'rubric' in read.data ? { judged: read.data } : { plain: read.data };
});
