// A fetch that never gives up by itself: undici's, which waits 300 s for headers and between two
// pieces of a body, would break off what an app with more patience waits for.
import type { Fetch } from './forward.ts';

/** Where Node keeps the dispatcher of all its requests: undici's own, or one that was set. */
const globalKey = Symbol.for('undici.globalDispatcher.1');

const patient = {
  dispatch(options: object, handler: unknown): unknown {
    const dispatcher: unknown = Reflect.get(globalThis, globalKey);
    const dispatch = Reflect.get(Object(dispatcher), 'dispatch');
    const all = { ...options, headersTimeout: 0, bodyTimeout: 0 };
    return Reflect.apply(dispatch, dispatcher, [all, handler]);
  },
};

export const patientFetch: Fetch = (input, init) => {
  const more = { ...init, dispatcher: patient } as unknown as RequestInit;
  return globalThis.fetch(input, more);
};
