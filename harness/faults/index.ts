// Every fault by the name that users write after `inject:`. A test compares it with the folder.
import { burstLimit } from './burst-limit.ts';
import { degenerate } from './degenerate.ts';
import { disconnect } from './disconnect.ts';
import { errorEvent } from './error-event.ts';
import { type AnyFault, sealed } from './fault.ts';
import { freeForm } from './free-form.ts';
import { guard } from './guard.ts';
import { ignoreSchema } from './ignore-schema.ts';
import { malformed } from './malformed.ts';
import { noop } from './noop.ts';
import { omit } from './omit.ts';
import { otherModel } from './other-model.ts';
import { outputLimit } from './output-limit.ts';
import { overloaded } from './overloaded.ts';
import { quotaExhausted } from './quota-exhausted.ts';
import { rateLimit } from './rate-limit.ts';
import { reasoning } from './reasoning.ts';
import { rechunk } from './rechunk.ts';
import { serverError } from './server-error.ts';
import { slow } from './slow.ts';
import { slowRequest } from './slow-request.ts';
import { stall } from './stall.ts';
import { status } from './status.ts';
import { tokenBucket } from './token-bucket.ts';
import { truncate } from './truncate.ts';
import { usage } from './usage.ts';
import { wrongAnswer } from './wrong-answer.ts';

export const faults: Record<string, AnyFault> = {
  'burst-limit': sealed(burstLimit),
  degenerate: sealed(degenerate),
  disconnect: sealed(disconnect),
  'error-event': sealed(errorEvent),
  'free-form': sealed(freeForm),
  guard: sealed(guard),
  'ignore-schema': sealed(ignoreSchema),
  malformed: sealed(malformed),
  noop: sealed(noop),
  omit: sealed(omit),
  'other-model': sealed(otherModel),
  'output-limit': sealed(outputLimit),
  overloaded: sealed(overloaded),
  'quota-exhausted': sealed(quotaExhausted),
  'rate-limit': sealed(rateLimit),
  reasoning: sealed(reasoning),
  rechunk: sealed(rechunk),
  'server-error': sealed(serverError),
  slow: sealed(slow),
  'slow-request': sealed(slowRequest),
  stall: sealed(stall),
  status: sealed(status),
  'token-bucket': sealed(tokenBucket),
  truncate: sealed(truncate),
  usage: sealed(usage),
  'wrong-answer': sealed(wrongAnswer),
};
