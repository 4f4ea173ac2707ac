// Whether a request brings what belongs to another provider: its credential, as the credential or
// anywhere else, or the name of its model. Keys are looked for and never written down.
import type { Asked, RawRequest, Wire } from '../wires/wire.ts';
import type { Host } from './targets.ts';

/** By provider, as the harness handed them out. */
export type Keys = Readonly<Record<string, string>>;

export function isForeignKey(keys: Keys, provider: string, key: string | null): boolean {
  const owner = Object.entries(keys).find(([, known]) => known === key)?.[0];
  return owner !== undefined && owner !== provider;
}

/** Names that only one provider's own host knows. */
const families: Readonly<Record<string, RegExp>> = {
  openai: /^(?:gpt-(?!oss)|chatgpt-|o\d(?:-|$)|text-embedding-[3a])/,
  anthropic: /^claude-/,
  google: /^(?:models\/)?gemini-/,
};

/**
 * Whether a model of one of them is asked of another one's host. Hosts that serve models of many
 * (gateways, clouds, servers of one's own) may call them what they like.
 */
export function isForeignModel({ provider }: Host, model: string, hostname: string): boolean {
  if (!Object.hasOwn(families, provider) || hostname.endsWith('aiplatform.googleapis.com')) {
    return false;
  }
  return Object.entries(families).some(([owner, own]) => owner !== provider && own.test(model));
}

/** The wire as a host speaks it that has no such model. */
export function withoutTheModel(wire: Wire): Wire {
  return { ...wire, objection: (asked) => wire.objection(asked) ?? { reason: 'not-found' } };
}

export interface Secret {
  of: string;
  in: string;
}

/** Where beside the credential a key of another provider stands; null where none does. */
export function secretIn(
  keys: Keys,
  host: Host,
  request: RawRequest,
  { key: credential }: Asked,
): Secret | null {
  if (isGateway(keys, host)) return null;
  for (const [of, key] of Object.entries(keys)) {
    if (of === host.provider || key === credential) continue;
    const where = placeOf(key, request);
    if (where !== null) return { of, in: where };
  }
  return null;
}

/** Whoever asks providers for others needs their keys. */
function isGateway(keys: Keys, { provider, dialect }: Host): boolean {
  return !Object.hasOwn(keys, provider) && (dialect === undefined || dialect === 'openrouter');
}

function placeOf(key: string, { url, body, headers }: RawRequest): string | null {
  if (url.includes(key)) return 'the URL';
  if (body.includes(key)) return 'the body';
  for (const [name, value] of headers?.() ?? []) {
    if (value.includes(key)) return `the header ${name}`;
  }
  return null;
}
