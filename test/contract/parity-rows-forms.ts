// What OpenAI's SDK makes of an error inside a 200 in each form that its two wires have for it, and
// of a stream that is kept alive by deltas without text.
import type { InBandForm } from '../../harness/faults/effect.ts';
import type { Row } from './parity-row.ts';

function inBand(form: InBandForm): Row['fault'] {
  const at = { at: 'tokens', count: 3 } as const;
  return { effect: { kind: 'error-event', at, rejection: { reason: 'overloaded' }, form } };
}

export const formRows: Row[] = [
  {
    name: 'in band as a chunk with choices, or as a flat error event',
    fault: inBand('chunk'),
    sees: {
      'chat whole': 'part, error',
      'chat stream': 'APIError server_is_overloaded after part',
      'chat helper': 'APIError server_is_overloaded after part',
      'responses stream': 'APIError server_is_overloaded after part',
      'responses helper': 'APIError server_is_overloaded after part',
    },
    requests: 1,
  },
  {
    name: 'in band as response.failed',
    fault: inBand('failed'),
    sees: {
      'responses whole': 'nothing, failed',
      'responses stream': 'part, failed',
      'responses helper': 'part, failed',
    },
    requests: 1,
  },
  {
    name: 'in band as response.incomplete',
    fault: inBand('incomplete'),
    sees: { responses: 'part, incomplete' },
    requests: 1,
  },
  {
    name: 'in band as a finish reason',
    fault: inBand('finish-reason'),
    sees: { chat: 'part, error' },
    requests: 1,
  },
  {
    name: 'forms that a wire lacks',
    fault: inBand('failed'),
    sees: {
      'chat whole': 'nothing, object without choices, with error',
      'chat stream': 'APIError server_is_overloaded after part',
      'chat helper': 'APIError server_is_overloaded after part',
    },
    requests: 1,
  },
  {
    name: 'stall after 3 text chunks, with empty deltas',
    fault: {
      effect: {
        kind: 'stall',
        at: { at: 'tokens', count: 3 },
        forMs: null,
        keepalive: { form: 'empty-delta', everyMs: 700 },
      },
    },
    sees: {
      'chat stream': 'hangs after part',
      'chat helper': 'hangs after part',
      'responses stream': 'hangs after part',
      'responses helper': 'hangs after part',
    },
    requests: 1,
  },
];
