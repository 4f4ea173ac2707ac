// An error as the caller sees it: no stack, no object, nothing that differs between two runs. A
// chain may throw anything, so nothing here trusts a field to be there, or to be readable.
import { HarnessError } from '../errors.ts';
import type { CallerError, Hop } from '../history.ts';

const mostCauses = 5;

/** Never throws. */
export function describeError(error: unknown): CallerError {
  if (!isError(error)) return { name: typeof error, message: clip(wordsOf(error)), causes: [] };
  const status = statusOf(error);
  const code = fieldOf(error, 'code');
  const attempts = hops(fieldOf(error, 'attempts'));
  return {
    name: nameOf(error),
    message: clip(wordsOf(fieldOf(error, 'message'))),
    ...(typeof status === 'number' ? { status } : {}),
    ...(typeof code === 'string' ? { code } : {}),
    causes: causesOf(error),
    ...(attempts ? { attempts } : {}),
  };
}

/** What the caller of a process gets that ended by an error. */
export function lostTo({ name, message, causes }: CallerError): CallerError {
  const words = `the process of the chain ended: ${name}: ${message}`;
  return { name: 'ProcessCrash', message: words, causes };
}

/** Whether the harness itself threw it, which no chain is to be blamed for. */
export function isOurs(error: unknown): error is HarnessError {
  return isError(error) && error instanceof HarnessError;
}

function isError(value: unknown): value is Error {
  try {
    return value instanceof Error;
  } catch {
    return false;
  }
}

/** A getter or a proxy of the chain's may throw. */
function fieldOf(value: object, key: string): unknown {
  try {
    return Reflect.get(value, key);
  } catch {
    return undefined;
  }
}

function nameOf(error: Error): string {
  const made = fieldOf(error, 'constructor');
  const own = typeof made === 'function' ? fieldOf(made, 'name') : '';
  // Aborts and timeouts of the platform are of one class.
  const name = own === 'DOMException' ? fieldOf(error, 'name') : own;
  return clip(wordsOf(name || fieldOf(error, 'name') || 'Error'));
}

/** The AI SDK says statusCode where the providers' own SDKs say status. */
function statusOf(error: Error): unknown {
  return fieldOf(error, 'status') ?? fieldOf(error, 'statusCode');
}

function wordsOf(value: unknown): string {
  try {
    const text = String(value);
    return text === '[object Object]' ? (JSON.stringify(value) ?? text) : text;
  } catch {
    return 'nothing that can be read';
  }
}

/** Outermost first; of those that stand for several, all of them. */
function causesOf(error: Error): string[] {
  const causes: string[] = [];
  const waiting = beneath(error);
  for (let at = 0; at < waiting.length && causes.length < mostCauses; at++) {
    const cause = waiting[at];
    if (!cause) break;
    const known = [statusOf(cause), fieldOf(cause, 'code')];
    const tags = known
      .filter((tag) => typeof tag === 'number' || typeof tag === 'string')
      .join(' ');
    const message = wordsOf(fieldOf(cause, 'message'));
    causes.push(clip(`${nameOf(cause)}: ${message}${tags === '' ? '' : ` [${tags}]`}`));
    waiting.push(...beneath(cause));
  }
  return causes;
}

/** `errors`: of an AggregateError, and of what others throw after several tries. */
function beneath(error: Error): Error[] {
  return [fieldOf(error, 'cause'), ...firstOf(fieldOf(error, 'errors'))].filter(isError);
}

function firstOf(list: unknown): unknown[] {
  try {
    return Array.isArray(list) ? list.slice(0, mostCauses) : [];
  } catch {
    return [];
  }
}

function hops(value: unknown): Hop[] | null {
  try {
    if (!Array.isArray(value)) return null;
    const list = value.filter(
      (hop): hop is Hop => typeof hop?.target === 'string' && typeof hop?.outcome === 'string',
    );
    return list.map(({ target, outcome }) => ({ target, outcome: clip(outcome) }));
  } catch {
    return null;
  }
}

function clip(text: string): string {
  return text.length > 500 ? `${text.slice(0, 500)}…` : text;
}
