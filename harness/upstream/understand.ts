// Which wire a request is on, what it asks, and how the host behind it speaks.
import { inDialect } from '../dialects/in-dialect.ts';
import { dialects } from '../dialects/index.ts';
import { HarnessError } from '../errors.ts';
import type { Asked, RawRequest, Wire } from '../wires/wire.ts';
import type { Host } from './targets.ts';
import { unspoken } from './unanswerable.ts';

/** Throws HarnessError where no wire takes it. */
export function understand(
  wires: Wire[],
  request: RawRequest,
  url: Readonly<URL>,
  { dialect }: Host,
): { wire: Wire; asked: Asked } {
  for (const wire of wires) {
    const asked = wire.decode(request);
    if (asked) return { wire: dialect ? inDialect(wire, dialects[dialect]) : wire, asked };
  }
  throw new HarnessError(unspoken(wires, request, url));
}
