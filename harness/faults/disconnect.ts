import { z } from 'zod';
import { position } from '../scenario/units.ts';
import type { Effect } from './effect.ts';
import type { Fault } from './fault.ts';

const settings = z.strictObject({
  at: position
    .default({ at: 'headers' })
    .describe('Where in the response: headers, first-token, "event 3", "20 tokens", 40%, ...'),
  how: z
    .enum(['reset', 'fin', 'refused', 'dns', 'tls'])
    .default('reset')
    .describe('How it ends: reset or fin; before the headers also refused, dns or tls.'),
});

/** The connection breaks: before the headers or in the middle of the body. */
export const disconnect: Fault<z.infer<typeof settings>> = {
  kind: 'disconnect',
  describe:
    'the connection breaks: reset or FIN at any place; refused, DNS or TLS before it stands',
  example: '{ inject: disconnect, at: 40%, how: reset }',
  settings: settings.refine(
    (given) => given.at.at === 'headers' || given.how === 'reset' || given.how === 'fin',
    { path: ['how'], message: 'refused, dns and tls happen before the headers: leave out `at`' },
  ),
  decide: (given): Effect => {
    if (given.at.at === 'headers') return { kind: 'connection', how: given.how };
    return { kind: 'cut', at: given.at, how: given.how === 'fin' ? 'fin' : 'reset' };
  },
};
