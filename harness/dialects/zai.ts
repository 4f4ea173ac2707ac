// Z.ai: business codes in strings, and 429 for nearly everything: too many requests (1302), a spent
// plan (1308), an empty account (1113) and a service that is overloaded (1305). 1302, 1305 and 1308
// after issue threads, the others after its documentation; none is recorded.
// @see https://github.com/anomalyco/opencode/issues/14535
// @see https://github.com/NousResearch/hermes-agent/pull/93507
import type { Rejection } from '../faults/rejection.ts';
import { hexId } from '../wires/ids.ts';
import type { Asked, Reply, Stamp } from '../wires/wire.ts';
import type { Dialect } from './dialect.ts';
import { errorReply } from './error-reply.ts';
import type { Look, Looks } from './looks.ts';
import { lookIn, phraseLook } from './looks.ts';

export const zai: Dialect = {
  name: 'zai',
  describe: 'Z.ai: codes in strings, 429 for limits, quota and overload (1305) alike',
  reject,
};

const looks: Looks = {
  'rate-limit': { status: 429, code: '1302', message: 'Rate limit reached for requests' },
  overloaded: {
    status: 429,
    code: '1305',
    message: 'The service may be temporarily overloaded, please try again later',
  },
  quota: {
    status: 429,
    code: '1308',
    message: 'Usage limit reached for 5 hour. Your limit will reset at 2026-01-05 21:31:39',
  },
  billing: {
    status: 429,
    code: '1113',
    message: 'Insufficient balance or no resource package. Please recharge.',
  },
  'server-error': { status: 500, code: '500', message: 'Internal Server Error' },
  'invalid-request': { status: 400, code: '1210', message: 'Invalid API parameter' },
  'context-length': { status: 400, code: '1261', message: 'Prompt exceeds max length' },
  'content-policy': {
    status: 400,
    code: '1301',
    message: 'System detected potentially unsafe or sensitive content in input or generation.',
  },
  'not-found': {
    status: 400,
    code: '1211',
    message: 'Unknown Model, please check the model code.',
  },
  auth: { status: 401, code: '1002', message: 'Authorization Token is invalid' },
};

function reject(rejection: Rejection, { model }: Asked, stamp: Stamp): Reply {
  const plain = (status: number): Look => ({ ...phraseLook(status), code: String(status) });
  const { status, message, code } = lookIn(looks, rejection, model, plain);
  const request_id = hexId('', `zai ${stamp.attempt}`, 32);
  return errorReply(status, { error: { code, message }, request_id }, rejection, stamp);
}
