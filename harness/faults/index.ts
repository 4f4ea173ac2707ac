// Every fault by the name that users write after `inject:`. A test compares it with the folder.
import { burstLimit } from './burst-limit.ts';
import { disconnect } from './disconnect.ts';
import { errorEvent } from './error-event.ts';
import { type AnyFault, sealed } from './fault.ts';
import { guard } from './guard.ts';
import { noop } from './noop.ts';
import { overloaded } from './overloaded.ts';
import { quotaExhausted } from './quota-exhausted.ts';
import { rateLimit } from './rate-limit.ts';
import { serverError } from './server-error.ts';
import { slow } from './slow.ts';
import { stall } from './stall.ts';
import { tokenBucket } from './token-bucket.ts';
import { truncate } from './truncate.ts';

export const faults: Record<string, AnyFault> = {
  'burst-limit': sealed(burstLimit),
  disconnect: sealed(disconnect),
  'error-event': sealed(errorEvent),
  guard: sealed(guard),
  noop: sealed(noop),
  overloaded: sealed(overloaded),
  'quota-exhausted': sealed(quotaExhausted),
  'rate-limit': sealed(rateLimit),
  'server-error': sealed(serverError),
  slow: sealed(slow),
  stall: sealed(stall),
  'token-bucket': sealed(tokenBucket),
  truncate: sealed(truncate),
};
