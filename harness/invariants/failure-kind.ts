// The class of an attempt's failure, from status, in-band class and ending: what a good chain goes
// by when it decides whether to ask again, ask another target, or give up. One table for all rules.
import type { Reason } from '../faults/rejection.ts';
import type { Ending } from '../history.ts';
import type { AttemptRecord } from '../outcome/call-record.ts';
import { effectMember } from '../outcome/effect-member.ts';

export type FailureKind =
  /** Too many requests: later is better. */
  | 'rate-limit'
  /** The account or its key: no request with this credential helps. */
  | 'credential'
  /** 403: this credential may not use this target. */
  | 'permission'
  /** The request itself: the same one fails again. */
  | 'request'
  /** The model or endpoint is not there. */
  | 'not-found'
  /** 408, 409, 424, 425. */
  | 'transient'
  /** 5xx, overload, bytes that nobody can read. */
  | 'target'
  /** The connection failed before any payload that the chain could have shown. */
  | 'transport'
  /** It ended after payload, or as if complete, without a terminal marker. */
  | 'cut'
  /** Nobody ended it but the client, or nobody at all. */
  | 'silence'
  /** What no rule has an opinion on. */
  | 'other';

const byReason: Readonly<Record<Reason, FailureKind>> = {
  'rate-limit': 'rate-limit',
  quota: 'credential',
  billing: 'credential',
  auth: 'credential',
  permission: 'permission',
  'server-error': 'target',
  overloaded: 'target',
  timeout: 'target',
  'invalid-request': 'request',
  'context-length': 'request',
  'content-policy': 'request',
  'too-large': 'request',
  'not-found': 'not-found',
  conflict: 'transient',
};

const transient: ReadonlySet<number> = new Set([408, 409, 424, 425]);
const refused: ReadonlySet<number> = new Set([400, 405, 413, 414, 415, 422, 431]);

/** Null: the attempt did not fail, its terminal marker was sent. */
export function failureOf(attempt: AttemptRecord): FailureKind | null {
  const { reply, end } = attempt;
  const status = reply?.status ?? 0;
  if (status >= 300) return kindOfStatus(status, reply?.reason ?? null);
  if (end === null) return 'silence';
  if (end.inBand !== null) return kindOfInBand(end.inBand);
  if (end.marker) return null;
  if (isUnreadable(attempt)) return 'target';
  return kindOfEnding(end.how, failedBeforePayload(attempt));
}

/** Hung up so soon after the headers, a client has not waited for anything. */
const promptMs = 1_000;

/** Bytes that are no JSON came before any payload, and whoever read them read no further. */
export function isUnreadable(attempt: AttemptRecord): boolean {
  const { start, effects, reply, end } = attempt;
  if (!reply || !end || end.marker || !failedBeforePayload(attempt)) return false;
  if (!start.stream) return end.how === 'complete' && effects.some(({ effect }) => isBad(effect));
  const prompt = end.how === 'aborted' && end.t - reply.t <= promptMs;
  return prompt && effects.some(({ effect }) => isBad(effect, early));
}

/** Places that a stream passes before it has any payload, whatever it says. */
const early: ReadonlySet<unknown> = new Set(['headers', 'first-event', 'first-token']);

function isBad(effect: unknown, places: ReadonlySet<unknown> | null = null): boolean {
  if (effectMember(effect, 'kind') !== 'bad-line') return false;
  return places === null || places.has(effectMember(effect, 'at', 'at'));
}

/** Whether it failed before the caller of the chain could have got anything of it. */
export function failedBeforePayload({ start, reply, end }: AttemptRecord): boolean {
  if (end === null || end.first === null || (reply?.status ?? 0) >= 300) return true;
  return !start.stream && !end.marker;
}

/** Failures of the target or the way to it: another target may well answer (I02, I13). */
export function movesOn(kind: FailureKind | null): boolean {
  return kind === 'transport' || kind === 'target' || kind === 'not-found' || kind === 'transient';
}

export function kindOfInBand(reason: string): FailureKind {
  return kindOfReason(reason) ?? 'other';
}

/** Of a status from 300 on. */
export function kindOfStatus(status: number, reason: string | null): FailureKind {
  const said = reason === null ? null : kindOfReason(reason);
  // Only a code tells a spent quota from a rate limit, and an empty account from a bad request.
  if (said === 'credential' || said === 'permission') return said;
  if (status === 429 || said === 'rate-limit') return 'rate-limit';
  if (status === 401 || status === 402) return 'credential';
  if (status === 403) return 'permission';
  if (status === 404 || status === 410) return 'not-found';
  if (transient.has(status)) return 'transient';
  if (status >= 500) return said === 'request' || said === 'not-found' ? 'other' : 'target';
  if (said === 'not-found') return said;
  return refused.has(status) ? 'request' : 'other';
}

function kindOfReason(reason: string): FailureKind | null {
  return Object.hasOwn(byReason, reason) ? byReason[reason as Reason] : null;
}

function kindOfEnding(how: Ending, beforePayload: boolean): FailureKind {
  switch (how) {
    case 'refused':
    case 'dns':
    case 'tls':
      return 'transport';
    case 'reset':
    case 'fin':
      return beforePayload ? 'transport' : 'cut';
    case 'complete':
    case 'short':
      return 'cut';
    case 'aborted':
    case 'client-timeout':
    case 'open':
      return 'silence';
    default:
      return how satisfies never;
  }
}
