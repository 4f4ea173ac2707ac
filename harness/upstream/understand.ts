// Whom a request asks, on which wire and what, and how the host behind it speaks.
import { inDialect } from '../dialects/in-dialect.ts';
import { dialects } from '../dialects/index.ts';
import { HarnessError } from '../errors.ts';
import { parsedUrl } from '../parsed-url.ts';
import type { Asked, RawRequest, Wire } from '../wires/wire.ts';
import { askedHost } from './asked-host.ts';
import type { Host, Targets } from './targets.ts';
import { noUrl, unmapped, unspoken } from './unanswerable.ts';

export interface Understood {
  url: Readonly<URL>;
  host: Host;
  wire: Wire;
  asked: Asked;
}

/** Throws HarnessError where nobody has the host, or no wire takes the request. */
export function understand(wires: Wire[], targets: Targets, request: RawRequest): Understood {
  const url = parsedUrl(request.url);
  if (!url) throw new HarnessError(noUrl(request.url));
  const host = targets.host(url.host) ?? targets.host(url.hostname);
  if (!host) throw new HarnessError(unmapped(url.host));
  const { dialect } = host;
  for (const plain of wires) {
    const asked = plain.decode(request);
    if (!asked) continue;
    const wire = dialect ? inDialect(plain, dialects[dialect]) : plain;
    return { url, host: askedHost(host, plain.name), wire, asked };
  }
  throw new HarnessError(unspoken(wires, request, url));
}
