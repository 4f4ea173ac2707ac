// A wire as a host of a dialect speaks it: requests and answers are the wire's, errors the host's.
import { nestedReply } from '../wires/gateway.ts';
import type { Wire } from '../wires/wire.ts';
import type { Dialect } from './dialect.ts';

/** Other wires than OpenAI's keep their own way, whoever speaks them. */
export function inDialect(wire: Wire, dialect: Dialect): Wire {
  if (!wire.name.startsWith('openai-')) return wire;
  return {
    ...wire,
    reject(rejection, asked, stamp) {
      const { body = 'own' } = rejection;
      // What a proxy puts in the place of a body knows no dialect.
      if (body !== 'own' && body !== 'nested') return wire.reject(rejection, asked, stamp);
      const own = dialect.reject({ ...rejection, body: 'own' }, asked, stamp);
      if (!own) return wire.reject(rejection, asked, stamp);
      return body === 'nested' ? nestedReply(own) : own;
    },
    errorFrames(rejection, asked, stamp, sent = [], form) {
      const own = dialect.errorFrames?.(rejection, asked, stamp, sent, form);
      return own ?? wire.errorFrames(rejection, asked, stamp, sent, form);
    },
    keepalive(form, asked, answer, sent) {
      return dialect.keepalive?.(form) ?? wire.keepalive(form, asked, answer, sent);
    },
  };
}
