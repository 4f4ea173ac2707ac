// Invariants by id. A new one is its file and its line.
import { attemptBound } from './attempt-bound.ts';
import { attemptLimit } from './attempt-limit.ts';
import { attribution } from './attribution.ts';
import { billedSum } from './billed-sum.ts';
import { breakerScope } from './breaker-scope.ts';
import { callerAbort } from './caller-abort.ts';
import { classByFields } from './class-by-fields.ts';
import { credentialOnce } from './credential-once.ts';
import { exhaustionError } from './exhaustion-error.ts';
import { herd } from './herd.ts';
import { hollowAnswer } from './hollow-answer.ts';
import { hopelessRequest } from './hopeless-request.ts';
import { idleLimit } from './idle-limit.ts';
import { inBandParity } from './in-band-parity.ts';
import type { Invariant } from './invariant.ts';
import { noLeftovers } from './no-leftovers.ts';
import { noReplayAfterPayload } from './no-replay-after-payload.ts';
import { ownForEach } from './own-for-each.ts';
import { prePayloadFailover } from './pre-payload-failover.ts';
import { recoveryLimit } from './recovery-limit.ts';
import { refusalPolicy } from './refusal-policy.ts';
import { resourceRelease } from './resource-release.ts';
import { retryHint } from './retry-hint.ts';
import { sameBytes } from './same-bytes.ts';
import { targetFailover } from './target-failover.ts';
import { terminalMarker } from './terminal-marker.ts';
import { toolCalls } from './tool-calls.ts';
import { totalDeadline } from './total-deadline.ts';
import { wholeRequest } from './whole-request.ts';

export const invariants: Readonly<Record<string, Invariant<unknown>>> = {
  I01: terminalMarker,
  I02: prePayloadFailover,
  I03: noReplayAfterPayload,
  I04: inBandParity,
  I05: attemptBound,
  I06: idleLimit,
  I07: attemptLimit,
  I08: totalDeadline,
  I09: retryHint,
  I10: herd,
  I11: credentialOnce,
  I12: hopelessRequest,
  I13: targetFailover,
  I14: classByFields,
  I15: hollowAnswer,
  I16: refusalPolicy,
  I17: ownForEach,
  I18: wholeRequest,
  I19: toolCalls,
  I20: breakerScope,
  I21: recoveryLimit,
  I22: exhaustionError,
  I23: attribution,
  I24: billedSum,
  I25: callerAbort,
  I26: resourceRelease,
  I27: noLeftovers,
  I28: sameBytes,
};
