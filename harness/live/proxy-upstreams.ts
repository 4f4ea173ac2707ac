// Where a request to a recording proxy goes on to: the host that the first part of its path names,
// or what the user has put in its place. Only hosts that a targets file has are ever asked.
import { InputError } from '../errors.ts';
import { isLoopback } from '../realtime/control-guard.ts';
import type { Targets } from '../upstream/targets.ts';

export interface Upstream {
  /** Absolute. */
  url: string;
  /** The host that was named, lower case. */
  host: string;
  provider: string;
}

/** The upstream of a path with its query, or why there is none. */
export type Upstreams = (path: string) => Upstream | string;

/** Of SDKs, as environment variables take them. */
const usualBases: Readonly<Record<string, [host: string, base: string]>> = {
  openai: ['api.openai.com', '/v1'],
  anthropic: ['api.anthropic.com', ''],
  google: ['generativelanguage.googleapis.com', ''],
};

const hostForm = /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*(?::\d{1,5})?$/;

/** `words`: NAME=URL, as `--upstream` takes them. Throws InputError. */
export function upstreamsOf(words: readonly string[], targets: Targets): Upstreams {
  const own = new Map(words.map((word) => ownBase(word, targets)));
  return (path) => {
    const [, name = '', rest = ''] = /^\/([^/?#]*)([^#]*)/.exec(path) ?? [];
    const host = name.toLowerCase();
    const known = hostForm.test(host) ? targets.host(host) : null;
    if (!known) {
      const shown = JSON.stringify(name.slice(0, 100));
      const like = 'a base URL here begins with a host, like /api.openai.com/v1';
      return `${shown} is no host of the targets files: ${like}; write others under hosts in firedrill/targets.yaml`;
    }
    const { provider } = known;
    const other = own.get(host);
    if (!other) return { url: `${schemeOf(host)}://${host}${rest}`, host, provider };
    const { url, base } = other;
    const isBelow = rest === base || rest.startsWith(`${base}/`);
    return { url: `${url}${isBelow ? rest.slice(base.length) : rest}`, host, provider };
  };
}

/** What runs on this machine speaks no TLS. */
function schemeOf(host: string): 'http' | 'https' {
  return isLoopback(host.replace(/:\d+$/, '')) ? 'http' : 'https';
}

function ownBase(word: string, targets: Targets): [host: string, { url: string; base: string }] {
  const cut = word.indexOf('=');
  const name = word.slice(0, cut).toLowerCase();
  const [host, base] = Object.hasOwn(usualBases, name) ? (usualBases[name] ?? []) : [name, ''];
  const given = word.slice(cut + 1);
  if (cut < 1 || !URL.canParse(given) || !/^https?:$/.test(new URL(given).protocol)) {
    const like = 'expected a provider and its base URL, like openai=https://gateway.example/v1';
    throw new InputError(`--upstream ${JSON.stringify(word)}: ${like}`);
  }
  const { username, password, search, hash } = new URL(given);
  if (username !== '' || password !== '' || search !== '' || hash !== '') {
    // It is not shown: it may well be a key.
    const how = 'give the URL alone: credentials are those that the app sends';
    throw new InputError(`--upstream ${name}: ${how}`);
  }
  if (!host || !targets.host(host)) {
    const names = Object.keys(usualBases).join(', ');
    throw new InputError(
      `--upstream ${name}: is none of ${names}, and no host of the targets files: write it under hosts in firedrill/targets.yaml`,
    );
  }
  return [host, { url: given.replace(/\/+$/, ''), base: base ?? '' }];
}
