// Which requests have lost what the tools of their session said.
import { describe, expect, it } from 'vitest';
import { hasBlankResults, newsOf } from '../../harness/upstream/blank-results.ts';
import { anthropicMessages } from '../../harness/wires/anthropic-messages.ts';
import { gemini } from '../../harness/wires/gemini.ts';
import { openaiChat } from '../../harness/wires/openai-chat.ts';
import { openaiResponses } from '../../harness/wires/openai-responses.ts';
import type { Wire } from '../../harness/wires/wire.ts';
import type { Sample } from '../../harness/workloads/workload.ts';
import { plainSample } from '../../harness/workloads/workload.ts';
import { rawRequest } from '../wires/served.ts';

const find = {
  name: 'find_order',
  description: 'Looks an order up',
  parameters: { properties: { order_id: {} } },
};
const result = '{"order_id":"LK-31877","held":true,"at":"Denby depot","total":389}';
const sample: Sample = {
  ...plainSample,
  id: 's',
  prompt: 'Where is order LK-31877?',
  tools: [{ ...find, results: [result, 'ok'] }],
};

function isBlank(wire: Wire, path: string, body: object, of: Sample = sample): boolean {
  const request = rawRequest(`https://host/${path}`, body);
  const asked = wire.decode(request);
  if (!asked) throw new Error(`no request of ${wire.name}`);
  return hasBlankResults(newsOf(of), asked, request.body);
}

function chat(contents: unknown[], more: object[] = [], of: Sample = sample): boolean {
  const messages = contents.map((content, n) => ({ role: 'tool', tool_call_id: `${n}`, content }));
  const user = { role: 'user', content: sample.prompt };
  const body = { stream: true, messages: [user, ...messages, ...more] };
  return isBlank(openaiChat, 'v1/chat/completions', body, of);
}

describe('what results say', () => {
  it('is what neither the question nor the offer of the tools says', () => {
    expect(newsOf(sample)).toEqual(['held', 'denby', 'depot', 'total', '389']);
    expect(newsOf({ ...sample, tools: [{ ...find, results: ['ok', 'LK-31877: true'] }] })).toEqual(
      [],
    );
    expect(newsOf(plainSample as Sample)).toEqual([]);
  });
});

describe('results', () => {
  it.each([[['']], [['', ' \n']], [['[object Object]']], [['undefined']], [['{}']], [['null']]])(
    'are lost as %j',
    (contents) => {
      expect(chat(contents)).toBe(true);
    },
  );

  it.each<[Wire, string, (said: string) => object]>([
    [
      anthropicMessages,
      'v1/messages',
      (content) => ({
        messages: [{ role: 'user', content: [{ type: 'tool_result', tool_use_id: 'a', content }] }],
      }),
    ],
    [
      openaiResponses,
      'v1/responses',
      (output) => ({ input: [{ type: 'function_call_output', call_id: 'a', output }] }),
    ],
    [
      gemini,
      'v1beta/models/gemini-pro:generateContent',
      (said) => ({
        contents: [
          { role: 'user', parts: [{ functionResponse: { name: 'a', response: { said } } }] },
        ],
      }),
    ],
  ])('are looked for on every wire: %o', (wire, path, body) => {
    expect(isBlank(wire, path, body(''))).toBe(true);
    expect(isBlank(wire, path, body(result))).toBe(false);
    expect(isBlank(wire, path, body('Sie ist da.'))).toBe(false);
  });

  it('may be clipped, summed up, translated, encoded or taken out with a word', () => {
    for (const content of ['{"held', 'Im Lager.', 'eJwLzk', '[removed]', '3', '{"ok":false}']) {
      expect(chat([content])).toBe(false);
    }
  });

  it('may be told elsewhere, or only the last ones', () => {
    expect(chat([''], [{ role: 'user', content: 'The tool said: Denby' }])).toBe(false);
    expect(chat(['', result])).toBe(false);
    expect(chat([[{ type: 'image_url', image_url: { url: 'data:' } }]])).toBe(false);
  });

  it('are not lost where none came, or where one may say nothing by itself', () => {
    expect(chat([])).toBe(false);
    for (const blank of ['', '{}', 'null']) {
      const tools = [{ ...find, results: [result, blank] }];
      expect(chat([''], [], { ...sample, tools })).toBe(false);
    }
  });
});
