// An app with a handler for requests, as frameworks know it: an object with `fetch` (Hono, Workers,
// Bun, Deno), or a route's `POST` (Next, SvelteKit, which hand it over in different ways).
import { z } from 'zod';
import type { ChainFactory } from '../chains/chain.ts';
import type { EndpointWords, Fetcher } from './endpoint.ts';
import { askEndpoint } from './endpoint.ts';

const aFunction = (name: string) =>
  z.custom<never>((value) => typeof value === 'function', { error: `${name} is no function` });

/** What a module may export as `endpoint`. */
export const endpointWords: z.ZodType<EndpointWords> = z.strictObject({
  path: z.string().startsWith('/', { error: 'expected a path like /api/chat' }).optional(),
  headers: z.record(z.string(), z.string()).optional(),
  body: aFunction('body').optional(),
  read: aFunction('read').optional(),
});

/** The handler of a module's exports; null where it has none. */
export function handlerOf(loaded: unknown): Fetcher | null {
  const app: unknown = Reflect.get(Object(loaded), 'default');
  const fetcher: unknown = isObject(app) ? Reflect.get(app, 'fetch') : undefined;
  if (typeof fetcher === 'function') return (request) => fetcher.call(app, request);
  const post: unknown = Reflect.get(Object(loaded), 'POST');
  if (typeof post !== 'function') return null;
  return (request) => {
    // A SvelteKit handler takes it out of its event, a Next handler is given it.
    Object.defineProperty(request, 'request', { value: request });
    return post(request, { params: Promise.resolve({}) });
  };
}

/** No host of that name is known: whatever the app sends there is refused. */
const origin = 'http://app.firedrill';

export function appFactory(
  handler: Fetcher,
  words: EndpointWords,
  targets: readonly string[],
  usualStream: boolean,
): ChainFactory {
  return ({ stream = usualStream } = { stream: usualStream }) =>
    askEndpoint(handler, { ...words, origin, targets, stream });
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
