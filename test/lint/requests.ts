// Requests for tests of the linter, read by the wires as real ones are.
import type { LintRequest } from '../../harness/lint/lint-rule.ts';
import { understood } from '../../harness/portability/lint-requests.ts';
import { wires } from '../../harness/wires/index.ts';
import type { RawRequest } from '../../harness/wires/wire.ts';

/** What a request goes to: a host's own way of speaking. */
const places = {
  chat: { url: 'https://api.openai.com/v1/chat/completions', provider: 'openai' },
  responses: { url: 'https://api.openai.com/v1/responses', provider: 'openai' },
  messages: { url: 'https://api.anthropic.com/v1/messages', provider: 'anthropic' },
  compat: { url: 'https://api.anthropic.com/v1/chat/completions', provider: 'anthropic' },
  groq: { url: 'https://api.groq.com/openai/v1/chat/completions', provider: 'groq' },
  gemini: {
    url: 'https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-pro:generateContent',
    provider: 'google',
  },
} as const;

export type PlaceName = keyof typeof places;

export interface Sketch {
  to: PlaceName;
  body: Record<string, unknown>;
  /** Of Anthropic's API. */
  version?: string;
  context?: number;
  primaryTokens?: number;
  /** What the primary is sent for the same sample; absent: this is the primary. */
  primary?: Sketch;
}

export interface LintExamples {
  flagged: [says: RegExp, request: Sketch][];
  passed: Sketch[];
}

export interface Sketched {
  request: LintRequest;
  primary: LintRequest | null;
}

export function sketched({ primary, ...sketch }: Sketch): Sketched {
  return { request: requestOf(sketch), primary: primary ? requestOf(primary) : null };
}

function requestOf({ to, body, version = '2023-06-01', ...rest }: Sketch): LintRequest {
  const { url, provider } = places[to];
  const headers: Record<string, string> = {
    authorization: 'Bearer key-of-a-test',
    'x-goog-api-key': 'key-of-a-test',
    'anthropic-version': version,
  };
  const raw: RawRequest = {
    method: 'POST',
    url,
    header: (name) => headers[name.toLowerCase()] ?? null,
    body: JSON.stringify(body),
  };
  for (const wire of Object.values(wires)) {
    const asked = wire.decode(raw);
    if (!asked) continue;
    const refused = wire.objection(asked);
    return {
      ...understood(asked),
      provider,
      objection: refused ? (refused.message ?? refused.reason) : null,
      context: rest.context === undefined ? null : { tokens: rest.context, source: 'a test' },
      primaryTokens: rest.primaryTokens ?? null,
    };
  }
  throw new Error(`no wire reads ${raw.url}`);
}
