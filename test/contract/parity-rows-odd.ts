// What the official SDKs make of a 200 that holds no answer, or not the one that was hoped for.
import { instead } from './parity-bend.ts';
import type { Row } from './parity-row.ts';

const html = '<html><head><title>Welcome</title></head><body>Please sign in.</body></html>';

export const oddRows: Row[] = [
  {
    name: 'empty content',
    fault: { rule: { inject: 'noop' } },
    sample: 'empty',
    sees: {
      chat: 'nothing, stop',
      responses: 'nothing, completed',
      messages: 'nothing, end_turn',
    },
    requests: 1,
  },
  {
    name: 'empty body',
    fault: { bend: (healthy) => instead(healthy, 'application/json', '') },
    sees: {
      'chat whole': 'nothing, undefined',
      'chat stream': 'nothing, no end',
      'responses whole': 'TypeError',
      'responses stream': 'nothing, no end',
      'messages whole': 'nothing, undefined',
      'messages stream': 'nothing, no end',
      'messages helper': 'AnthropicError',
    },
    requests: 1,
  },
  {
    name: 'HTML 200',
    fault: { bend: (healthy) => instead(healthy, 'text/html', html) },
    sees: {
      'chat whole': 'nothing, string',
      'chat stream': 'nothing, no end',
      'responses whole': 'TypeError',
      'responses stream': 'nothing, no end',
      'messages whole': 'nothing, string',
      'messages stream': 'nothing, no end',
      'messages helper': 'AnthropicError',
    },
    requests: 1,
  },
  {
    name: 'content filter',
    fault: { rule: { inject: 'noop' } },
    sample: 'filtered',
    sees: { chat: 'all, content_filter', responses: 'all, incomplete', messages: 'all, refusal' },
    requests: 1,
  },
  {
    name: 'refusal',
    fault: { rule: { inject: 'noop' } },
    sample: 'refused',
    sees: { chat: 'all, stop', responses: 'all, completed', messages: 'all, refusal' },
    requests: 1,
  },
];
