// A table of looks, one a reason, and how a rule's own words and status change them: what most
// dialects are made of.
import type { Reason, Rejection } from '../faults/rejection.ts';
import { phraseOf } from '../wires/gateway.ts';

/** How a host tells one reason. */
export interface Look {
  status: number;
  /** In the words of the host; `{model}` stands for the model that was asked for. */
  message: string;
  type?: string | null;
  code?: string | number | null;
  param?: string | null;
}

export type Looks = Readonly<Partial<Record<Reason, Look>>>;

/**
 * The look of a rejection: its reason's, unless the rule asks for a status that is another
 * reason's. `plain` gives what the host says of a status that no reason has.
 */
export function lookIn(
  looks: Looks,
  rejection: Rejection,
  model: string,
  plain: (status: number) => Look,
): Look {
  const own = looks[rejection.reason] ?? plain(usualStatus[rejection.reason]);
  const status = rejection.status ?? own.status;
  const look = status === own.status ? own : (ofStatus(looks, status) ?? plain(status));
  return {
    ...look,
    status,
    message: rejection.message ?? look.message.replaceAll('{model}', model),
    ...(rejection.code === undefined ? {} : { code: rejection.code }),
    ...(rejection.param === undefined ? {} : { param: rejection.param }),
  };
}

/** The first of its status: the commonest reasons come first in a table. */
function ofStatus(looks: Looks, status: number): Look | undefined {
  return Object.values(looks).find((look) => look.status === status);
}

/** Where a table has no word for a reason. */
const usualStatus: Readonly<Record<Reason, number>> = {
  'rate-limit': 429,
  quota: 429,
  'server-error': 500,
  overloaded: 503,
  timeout: 504,
  'invalid-request': 400,
  'context-length': 400,
  'content-policy': 400,
  auth: 401,
  billing: 402,
  permission: 403,
  'not-found': 404,
  conflict: 409,
  'too-large': 413,
};

/** What is left to say of a status alone. */
export function phraseLook(status: number, type: string | null = null): Look {
  return { status, message: phraseOf(status), type };
}
