// What the official SDKs make of a 200 that goes wrong. A row is a line of the table in words: the
// fault, what each client sees, how many requests it takes.
import { inMidStream, instead, withoutLastEvent } from './parity-bend.ts';
import type { Row } from './parity-row.ts';
import { backoffAfterTimeout } from './parity-row.ts';

const gatewayError = JSON.stringify({
  id: 'gen-1',
  object: 'chat.completion.chunk',
  created: 1,
  model: 'm',
  error: { code: 'server_error', message: 'Provider disconnected' },
  choices: [{ index: 0, delta: { content: '' }, finish_reason: 'error' }],
});

export const silenceRows: Row[] = [
  {
    name: '200 headers then silence, not streaming',
    fault: { rule: { inject: 'stall', at: 'first-event' } },
    sees: {
      'chat whole': 'APIConnectionTimeoutError',
      'responses whole': 'APIConnectionTimeoutError',
      'messages whole': 'hangs',
    },
    requests: { chat: 3, responses: 3, messages: 1 },
    gaps: { chat: backoffAfterTimeout, responses: backoffAfterTimeout },
  },
  {
    name: '200 headers then silence, streaming',
    fault: { rule: { inject: 'stall', at: 'first-event' } },
    sees: {
      'chat stream': 'hangs',
      'chat helper': 'hangs',
      'responses stream': 'hangs',
      'responses helper': 'hangs',
      'messages stream': 'hangs',
      'messages helper': 'hangs',
    },
    requests: 1,
  },
  {
    name: 'stall after 3 text chunks',
    fault: { rule: { inject: 'stall', at: '3 tokens' } },
    sees: {
      'chat stream': 'hangs after part',
      'chat helper': 'hangs after part',
      'responses stream': 'hangs after part',
      'responses helper': 'hangs after part',
      'messages stream': 'hangs after part',
      'messages helper': 'hangs after part',
    },
    requests: 1,
  },
];

export const cutRows: Row[] = [
  {
    name: 'clean FIN in mid-stream',
    fault: { rule: { inject: 'truncate', at: '3 tokens' } },
    sees: {
      'chat stream': 'part, no end',
      'chat helper': 'OpenAIError after part',
      'responses stream': 'part, no end',
      'responses helper': 'part, in_progress',
      'messages stream': 'part, no end',
      'messages helper': 'AnthropicError after part',
    },
    requests: 1,
  },
  {
    name: 'everything but the last event',
    fault: { bend: withoutLastEvent },
    sees: {
      'chat stream': 'all, stop',
      'chat helper': 'all, stop',
      'messages stream': 'all, end_turn',
      'messages helper': 'AnthropicError after all',
    },
    requests: 1,
  },
  {
    name: 'RST in mid-stream',
    fault: { rule: { inject: 'disconnect', at: '3 tokens', how: 'reset' } },
    sees: {
      'chat stream': 'TypeError <- ECONNRESET after part',
      'chat helper': 'OpenAIError <- ECONNRESET after part',
      'responses stream': 'TypeError <- ECONNRESET after part',
      'responses helper': 'OpenAIError <- ECONNRESET after part',
      'messages stream': 'TypeError <- ECONNRESET after part',
      'messages helper': 'AnthropicError <- ECONNRESET after part',
    },
    requests: 1,
  },
  {
    name: 'JSON cut short',
    fault: { rule: { inject: 'truncate', at: '50%' } },
    sees: {
      'chat whole': 'SyntaxError',
      'responses whole': 'SyntaxError',
      'messages whole': 'SyntaxError',
    },
    requests: 1,
  },
];

export const inBandRows: Row[] = [
  {
    name: 'SSE error event, first',
    fault: { rule: { inject: 'error-event', at: 'first-event', reason: 'overloaded' } },
    sees: {
      'chat stream': 'APIError server_is_overloaded',
      'chat helper': 'APIError server_is_overloaded',
      'responses stream': 'APIError server_is_overloaded',
      'responses helper': 'APIError server_is_overloaded',
      'messages stream': 'APIError overloaded_error',
      'messages helper': 'APIError overloaded_error',
    },
    requests: 1,
  },
  {
    name: 'SSE error event, mid',
    fault: { rule: { inject: 'error-event', at: '3 tokens', reason: 'overloaded' } },
    sees: {
      'chat stream': 'APIError server_is_overloaded after part',
      'chat helper': 'APIError server_is_overloaded after part',
      'responses stream': 'APIError server_is_overloaded after part',
      'responses helper': 'APIError server_is_overloaded after part',
      'messages stream': 'APIError overloaded_error after part',
      'messages helper': 'APIError overloaded_error after part',
    },
    requests: 1,
  },
  {
    name: 'response.failed',
    fault: { rule: { inject: 'error-event', at: '3 tokens', reason: 'server-error' } },
    sees: { 'responses stream': 'part, failed', 'responses helper': 'part, failed' },
    requests: 1,
  },
  {
    name: 'response.incomplete',
    fault: { rule: { inject: 'noop' } },
    sample: 'cut-off',
    sees: { responses: 'all, incomplete' },
    requests: 1,
  },
  {
    name: 'status failed, not streaming',
    fault: {
      bend: (healthy) =>
        instead(
          healthy,
          'application/json',
          JSON.stringify({
            id: 'resp_1',
            object: 'response',
            status: 'failed',
            error: { code: 'server_error', message: 'The server had an error.' },
            output: [],
          }),
        ),
    },
    sees: { 'responses whole': 'nothing, failed' },
    requests: 1,
  },
  {
    name: '200 with error JSON',
    fault: { rule: { inject: 'error-event', at: 'first-event', reason: 'overloaded' } },
    sees: {
      'chat whole': 'nothing, object without choices, with error',
      'responses whole': 'nothing, object without status, with error',
      'messages whole': 'nothing, object without content, with error',
    },
    requests: 1,
  },
  {
    name: 'error chunk of a gateway in mid-stream',
    fault: { bend: (healthy) => inMidStream(healthy, `data: ${gatewayError}\n\n`) },
    sees: {
      'chat stream': 'APIError server_error after part',
      'chat helper': 'APIError server_error after part',
    },
    requests: 1,
  },
  {
    name: 'malformed JSON chunk',
    fault: { bend: (healthy, wire) => inMidStream(healthy, malformed(wire)) },
    sees: {
      'chat stream': 'SyntaxError after part',
      'chat helper': 'OpenAIError <- SyntaxError after part',
      'responses stream': 'SyntaxError after part',
      'responses helper': 'OpenAIError <- SyntaxError after part',
      'messages stream': 'SyntaxError after part',
      'messages helper': 'AnthropicError <- SyntaxError after part',
    },
    requests: 1,
  },
];

function malformed(wire: string): string {
  const event = wire === 'anthropic-messages' ? 'event: content_block_delta\n' : '';
  return `${event}data: {"type":"content_block_delta","delta":{"te\n\n`;
}
