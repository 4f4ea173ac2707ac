// Tool calls as providers send them, by their documentation, for tests of chains.
import type { Scripted, Step } from './fake-providers.ts';
import { chat, claude, event, sse } from './wire-events.ts';

export interface Called {
  id: string;
  name: string;
  /** In the pieces in which it comes. */
  pieces: string[];
}

const delta = (calls: object[]): string =>
  sse({
    object: 'chat.completion.chunk',
    choices: [{ index: 0, delta: { tool_calls: calls }, finish_reason: null }],
  });

/** The events of a chat stream that calls tools, up to its end. */
export function chatCallEvents(calls: Called[], text = ''): Step[] {
  return [
    chat.role,
    ...(text === '' ? [] : [chat.text(text)]),
    ...calls.flatMap(({ id, name, pieces }, index) => [
      delta([{ index, id, type: 'function', function: { name, arguments: '' } }]),
      ...pieces.map((piece) => delta([{ index, function: { arguments: piece } }])),
    ]),
  ];
}

export const chatCalls = (calls: Called[], text = '', reason = 'tool_calls'): Scripted => ({
  body: [...chatCallEvents(calls, text), chat.finish(reason), chat.done],
});

export const chatCallsWhole = (calls: Called[], text: string | null = null): Scripted => ({
  body: [
    JSON.stringify({
      choices: [
        {
          finish_reason: 'tool_calls',
          message: {
            content: text,
            tool_calls: calls.map(({ id, name, pieces }) => ({
              id,
              type: 'function',
              function: { name, arguments: pieces.join('') },
            })),
          },
        },
      ],
    }),
  ],
});

/** `closed` false: the blocks of the calls have no end of their own. */
export function claudeCalls(calls: Called[], text = '', closed = true): Scripted {
  const stop = (index: number): string => event('content_block_stop', { index });
  return {
    body: [
      claude.start,
      ...(text === '' ? [] : [claude.block, claude.text(text), stop(0)]),
      ...calls.flatMap(({ id, name, pieces }, position) => {
        const index = position + (text === '' ? 0 : 1);
        const block = { type: 'tool_use', id, name, input: {} };
        return [
          event('content_block_start', { index, content_block: block }),
          ...pieces.map((piece) =>
            event('content_block_delta', {
              index,
              delta: { type: 'input_json_delta', partial_json: piece },
            }),
          ),
          ...(closed ? [stop(index)] : []),
        ];
      }),
      claude.reason('tool_use'),
      claude.stop,
    ],
  };
}

/** `done` false: deltas jump straight to response.completed. */
export function responsesCalls(calls: Called[], done = true): Scripted {
  const items = calls.map(({ id, name, pieces }) => ({
    type: 'function_call',
    id: `fc_${id}`,
    call_id: id,
    name,
    arguments: pieces.join(''),
  }));
  return {
    body: [
      event('response.created', { response: { status: 'in_progress' } }),
      ...items.flatMap((item, index) => [
        event('response.output_item.added', {
          output_index: index,
          item: { ...item, arguments: '' },
        }),
        ...(calls[index]?.pieces ?? []).map((piece) =>
          event('response.function_call_arguments.delta', { output_index: index, delta: piece }),
        ),
        ...(done ? [event('response.output_item.done', { output_index: index, item })] : []),
      ]),
      event('response.completed', { response: { status: 'completed', output: done ? items : [] } }),
    ],
  };
}

export const responsesText = (text: string): Scripted => ({
  body: [
    event('response.output_text.delta', { delta: text }),
    event('response.completed', { response: { status: 'completed', output: [] } }),
  ],
});
