// I11: an empty account and a wrong key stay so for the length of a call.
import type { AttemptRecord, CallRecord } from '../outcome/call-record.ts';
import { attemptText, seconds } from './attempt-text.ts';
import type { Finding } from './call-rule.ts';
import { callRule } from './call-rule.ts';
import { failureOf } from './failure-kind.ts';
import { follows, sameScope } from './timeline.ts';

export const credentialOnce = callRule<null>({
  id: 'I11',
  rule: 'Quota, billing and auth failures cost one attempt per credential.',
  example: 'A 429 with insufficient_quota is retried twice with the same key.',
  know: () => null,
  judge: (_, record) => judge(record),
});

function judge({ attempts }: CallRecord): Finding {
  let finding: Finding = null;
  for (const attempt of attempts) {
    const kind = failureOf(attempt);
    if (kind !== 'credential' && kind !== 'permission') continue;
    finding = 'held';
    if (attempt.reply?.shouldRetry === true) continue;
    const again = attempts.find(
      (other) => follows(attempt, other) && wasted(attempt, other, kind === 'permission'),
    );
    if (!again) continue;
    const text = (): string =>
      `${attemptText(attempt)}. The same credential was used again at ${seconds(again.start.t)} ` +
      `(${attemptText(again)}); after such a failure only another credential helps.`;
    return { at: again.start.t, text };
  }
  return finding;
}

/**
 * An attempt that succeeds shows that the failure was not one of the credential after all. On other
 * models the same credential is only at fault where it fails there too (quotas may be by model).
 */
function wasted(failed: AttemptRecord, again: AttemptRecord, sameTargetOnly: boolean): boolean {
  const kind = failureOf(again);
  if (kind === null) return false;
  if (sameScope(failed, again)) return true;
  if (sameTargetOnly || kind !== 'credential') return false;
  const { provider, key, region } = failed.start;
  const { start } = again;
  return start.provider === provider && start.key === key && start.region === region;
}
