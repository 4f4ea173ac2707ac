// Which of several providers behind one host a request asks: a gateway, a mock, a proxy of one's
// own. The wire tells them apart.
import type { WireName } from '../wires/wire-name.ts';
import type { Host } from './targets.ts';

/** Wires on which only one provider is asked. */
const speakers: Readonly<Partial<Record<WireName, string>>> = {
  'anthropic-messages': 'anthropic',
  gemini: 'google',
};

/** Who imitates the provider of a wire is known by it, too: the rest speak OpenAI's. */
export function askedHost(host: Host, wire: WireName): Host {
  const all = [host, ...(host.beside ?? [])];
  const speaker = speakers[wire];
  const others = new Set(Object.values(speakers));
  const found = all.find(({ provider }) =>
    speaker === undefined ? !others.has(provider) : provider === speaker,
  );
  return found ?? host;
}
