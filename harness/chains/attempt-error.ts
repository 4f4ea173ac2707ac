// What an attempt can fail with although no SDK threw. A leaf.

/** The limit that an attempt ran into. */
export type Limit = 'headers' | 'first token' | 'idle' | 'total';

/** The attempt was ended because a limit was reached. */
export class AttemptTimeout extends Error {
  override readonly name = 'AttemptTimeout';
  readonly limit: Limit;

  constructor(limit: Limit, ms: number) {
    super(`The attempt was ended after ${Math.round(ms)} ms: ${limit}`);
    this.limit = limit;
  }
}

/** A response that came, but is no answer. */
export class BadAnswer extends Error {
  override readonly name = 'BadAnswer';
  /** truncated: no terminal marker; empty: no text; malformed: not what the API documents. */
  readonly what: 'truncated' | 'empty' | 'malformed';

  constructor(what: BadAnswer['what'], message: string) {
    super(message);
    this.what = what;
  }
}

/** An error that the provider reported inside a 200. */
export class InBandError extends Error {
  override readonly name = 'InBandError';
  readonly code: string | number | null;
  readonly type: string | null;

  /** `error` as the provider sent it: an object with message, code and type, or just words. */
  constructor(error: unknown) {
    const given = typeof error === 'object' && error !== null ? error : { message: error };
    const message: unknown = Reflect.get(given, 'message');
    super(typeof message === 'string' ? message : 'an error without a message, inside a 200');
    const details: unknown = Reflect.get(given, 'details');
    const code: unknown = Reflect.get(given, 'code') ?? detailedCode(details);
    const type: unknown = Reflect.get(given, 'type');
    this.code = typeof code === 'string' || typeof code === 'number' ? code : null;
    this.type = typeof type === 'string' ? type : null;
  }
}

/** Anthropic's finer codes stand one level deeper. */
function detailedCode(details: unknown): unknown {
  return typeof details === 'object' && details !== null
    ? Reflect.get(details, 'error_code')
    : undefined;
}
