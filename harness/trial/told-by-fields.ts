// Whether the class of an error can be told without reading its words: by its status, or by a code
// or type that says it. Where neither does, the words are all that a chain has.
import type { Reason, Rejection } from '../faults/rejection.ts';

/** Statuses that say the reason by themselves. */
const byStatus: Readonly<Record<Reason, (status: number) => boolean>> = {
  'server-error': isServerError,
  overloaded: isServerError,
  timeout: (status) => status === 408 || isServerError(status),
  'rate-limit': (status) => status === 429,
  auth: (status) => status === 401,
  billing: (status) => status === 402,
  permission: (status) => status === 403,
  'not-found': (status) => status === 404 || status === 410,
  conflict: (status) => status === 409,
  'too-large': (status) => status === 413,
  'invalid-request': (status) => status >= 400 && status < 500 && !shared.has(status),
  // Their status is that of other reasons too.
  quota: () => false,
  'context-length': () => false,
  'content-policy': () => false,
};

const shared: ReadonlySet<number> = new Set([401, 402, 403, 404, 408, 409, 410, 413, 429]);

function isServerError(status: number): boolean {
  return status >= 500;
}

/** Codes and types that say the reason. */
const byCode: Readonly<Record<Reason, RegExp>> = {
  'server-error': /server_?error|api_error|^internal$|^50[02]$/i,
  overloaded: /overload|unavailable|capacity|^50[23]$|^529$/i,
  timeout: /time_?out|deadline|^40[8]$|^504$/i,
  'rate-limit': /rate_?limit|slow_down|^429$/i,
  quota: /quota|spend_limit/i,
  billing: /billing|credit|balance|quota/i,
  auth: /auth|api_key|^401$/i,
  permission: /permission|^403$/i,
  'not-found': /not_?found|^404$/i,
  conflict: /conflict|^409$/i,
  'too-large': /too_large|^413$/i,
  'invalid-request': /invalid_?(?:request|argument)|bad_?request|^400$/i,
  'context-length': /context/i,
  'content-policy': /content|policy|invalid_prompt/i,
};

/** Whether the status says it by itself. */
export function isToldByStatus(reason: Reason, status: number): boolean {
  return Object.hasOwn(byStatus, reason) && byStatus[reason](status);
}

/** `status` null: inside a 200. `body`: as it is sent, JSON or an event with JSON in it. */
export function isTold(rejection: Rejection, status: number | null, body: string): boolean {
  const { reason, flaw } = rejection;
  // What exactly is wrong with a request, hardly anybody says but in words.
  if (flaw !== undefined) return false;
  if (status !== null && isToldByStatus(reason, status)) return true;
  return codesIn(body).some((code) => byCode[reason].test(code));
}

/** Of the outermost error: finer codes one level deeper are not what clients show. */
function codesIn(body: string): string[] {
  const found = body.matchAll(/"(?:code|type|status)"\s*:\s*(?:"([^"]*)"|(\d+))/g);
  return [...found].map(([, text, digits]) => text ?? digits ?? '');
}
