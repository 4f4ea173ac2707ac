import { describe, expect, it } from 'vitest';
import type { Question } from '../../harness/chains/chain.ts';
import type { Scripted } from './fake-providers.ts';
import {
  anthropic,
  ask,
  chainOf,
  fakeProviders,
  inFakeTime,
  openai,
  question,
} from './fake-providers.ts';
import type { Called } from './tool-events.ts';
import {
  chatCallEvents,
  chatCalls,
  chatCallsWhole,
  claudeCalls,
  responsesCalls,
  responsesText,
} from './tool-events.ts';
import { chat, chatStream, chatWhole, claudeStream, rejected } from './wire-events.ts';

inFakeTime();

const chain = `
targets: [openai/gpt-4o, anthropic/claude-x]
attempt: { timeout: 8s, firstToken: 5s, idle: 3s }
deadline: 20s
retry: { max: 0 }
cache: { exact: true }
`;
const responses = chain.replace(
  'openai/gpt-4o',
  '{ model: openai/gpt-4o, wire: openai-responses }',
);

const parameters = {
  type: 'object',
  properties: { order_id: { type: 'string' } },
  required: ['order_id'],
};

function withTool(run?: (args: unknown) => Promise<string>) {
  const ran: unknown[] = [];
  const tool = {
    name: 'find_order',
    description: 'Looks up an order',
    parameters,
    run: async (args: unknown) => {
      ran.push(args);
      return run ? run(args) : `result ${ran.length}`;
    },
  };
  const asking: Question = { ...question, tools: [tool] };
  return { asking, ran };
}

const call: Called = { id: 'call_1', name: 'find_order', pieces: ['{"order', '_id":"LK-1"}'] };
const given = { order_id: 'LK-1' };

async function run(yaml: string, scripts: Record<string, Scripted[]>, tool = withTool()) {
  const seen = fakeProviders(scripts);
  const told = await ask(chainOf(yaml), { question: tool.asking });
  return { told, seen, ran: tool.ran };
}

describe('a session on one target', () => {
  it('offers the tools, runs the call and answers with its result, by chat completions', async () => {
    const { told, seen, ran } = await run(chain, {
      [openai]: [chatCalls([call]), chatStream('It is ', 'here.')],
    });
    expect(told).toMatchObject({ text: 'It is here.', pieces: ['It is ', 'here.'] });
    expect(ran).toEqual([given]);
    const offer = { name: 'find_order', description: 'Looks up an order', parameters };
    expect(seen[0]?.body.tools).toEqual([{ type: 'function', function: offer }]);
    expect(seen[1]?.body.tools).toEqual(seen[0]?.body.tools);
    const called = { name: 'find_order', arguments: '{"order_id":"LK-1"}' };
    expect(seen[1]?.body.messages).toEqual([
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: question.prompt },
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'call_1', type: 'function', function: called }],
      },
      { role: 'tool', tool_call_id: 'call_1', content: 'result 1' },
    ]);
    expect(told.meta?.hops?.map(({ outcome }) => outcome)).toEqual(['tool calls', 'complete']);
  });

  it('does so by the responses API', async () => {
    const { told, seen, ran } = await run(responses, {
      [openai]: [responsesCalls([call]), responsesText('Here.')],
    });
    expect(told.text).toBe('Here.');
    expect(ran).toEqual([given]);
    const offer = { name: 'find_order', description: 'Looks up an order', parameters };
    expect(seen[0]?.body.tools).toEqual([{ type: 'function', ...offer, strict: false }]);
    expect(seen[1]?.body.input).toEqual([
      { role: 'user', content: question.prompt },
      {
        type: 'function_call',
        call_id: 'call_1',
        name: 'find_order',
        arguments: '{"order_id":"LK-1"}',
      },
      { type: 'function_call_output', call_id: 'call_1', output: 'result 1' },
    ]);
  });

  it('does so by messages, and tells the turns apart that it streams', async () => {
    const yaml = chain.replace('openai/gpt-4o, ', '');
    const { told, seen, ran } = await run(yaml, {
      [anthropic]: [claudeCalls([call], 'I will look.'), claudeStream('Here.')],
    });
    expect(told).toMatchObject({
      text: 'I will look.\n\nHere.',
      pieces: ['I will look.', '\n\nHere.'],
    });
    expect(ran).toEqual([given]);
    expect(seen[0]?.body.tools).toMatchObject([{ name: 'find_order', input_schema: parameters }]);
    expect(seen[1]?.body.messages).toEqual([
      { role: 'user', content: question.prompt },
      {
        role: 'assistant',
        content: [
          { type: 'text', text: 'I will look.' },
          { type: 'tool_use', id: 'call_1', name: 'find_order', input: given },
        ],
      },
      {
        role: 'user',
        content: [{ type: 'tool_result', tool_use_id: 'call_1', content: 'result 1' }],
      },
    ]);
  });

  it('does so in whole bodies', async () => {
    const { told, ran } = await run(`${chain}stream: false\n`, {
      [openai]: [chatCallsWhole([call], 'I will look.'), chatWhole('Here.')],
    });
    expect(told.text).toBe('I will look.\n\nHere.');
    expect(ran).toEqual([given]);
  });

  it('runs each id of a turn once, and several calls in their order', async () => {
    const second = { ...call, id: 'call_2', pieces: ['{"order_id":"LK-2"}'] };
    const { ran } = await run(chain, {
      [openai]: [chatCalls([call, second, call]), chatStream('Both.')],
    });
    expect(ran).toEqual([given, { order_id: 'LK-2' }]);
  });

  it('tells the model what went wrong in a tool', async () => {
    const tool = withTool(async () => {
      throw new Error('no such order');
    });
    const yaml = chain.replace('openai/gpt-4o, ', '');
    const { told, seen } = await run(
      yaml,
      { [anthropic]: [claudeCalls([call]), claudeStream('No.')] },
      tool,
    );
    expect(told.text).toBe('No.');
    expect(JSON.stringify(seen[1]?.body.messages)).toContain(
      '"tool_use_id":"call_1","content":"no such order","is_error":true',
    );
  });

  it('ends after eight turns of tools', async () => {
    const { told, seen, ran } = await run(chain, { [openai]: [chatCalls([call])] });
    expect(told.error?.name).toBe('ToolSessionError');
    expect([seen.length, ran.length]).toEqual([8, 7]);
  });

  it('gives up a tool that takes longer than the deadline', async () => {
    const tool = withTool(() => new Promise(() => {}));
    const { told } = await run(chain, { [openai]: [chatCalls([call])] }, tool);
    expect(told.error?.name).toBe('ToolSessionError');
    expect(told.at).toBeLessThanOrEqual(20_000);
  });

  it('is not cached: what was done is not done by telling of it', async () => {
    const { asking, ran } = withTool();
    const seen = fakeProviders({
      [openai]: [chatCalls([call]), chatStream('Done.'), chatCalls([call]), chatStream('Done.')],
    });
    const asked = chainOf(chain);
    await ask(asked, { question: asking });
    await ask(asked, { question: asking });
    expect([seen.length, ran.length]).toEqual([4, 2]);
  });
});

describe('a tool call that is not beyond doubt', () => {
  const bad = (change: Partial<Called>): Called => ({ ...call, ...change });
  it.each<[string, string, Scripted]>([
    ['a stream that is cut', chain, { body: chatCallEvents([call]) }],
    [
      'a stream that is reset in the arguments',
      chain,
      {
        body: [...chatCallEvents([bad({ pieces: ['{"order'] })]), 'RESET'],
      },
    ],
    ['arguments that are no JSON', chain, chatCalls([bad({ pieces: ['{"order_id":"LK'] })])],
    ['arguments that are no object', chain, chatCalls([bad({ pieces: ['["LK-1"]'] })])],
    ['no arguments', chain, chatCalls([bad({ pieces: [] })])],
    ['arguments without what is required', chain, chatCalls([bad({ pieces: ['{}'] })])],
    ['a tool that was not offered', chain, chatCalls([bad({ name: 'delete_all' })])],
    ['an answer that ran into its length', chain, chatCalls([call], '', 'length')],
    ['a call without an id', chain, chatCalls([bad({ id: '' })])],
    ['one good call beside a bad one', chain, chatCalls([call, bad({ id: 'b', pieces: ['{'] })])],
    ['response.completed before the call is done', responses, responsesCalls([call], false)],
  ])('is not run, and the next target is asked the same: %s', async (_, yaml, script) => {
    const { told, seen, ran } = await run(yaml, {
      [openai]: [script],
      [anthropic]: [claudeStream('Sorry.')],
    });
    expect(ran).toEqual([]);
    expect(told.text).toBe('Sorry.');
    expect(seen.at(-1)?.body.messages).toEqual([{ role: 'user', content: question.prompt }]);
  });

  it('is not run where its block was never closed', async () => {
    const yaml = chain.replace('openai/gpt-4o, ', '');
    const { told, ran } = await run(yaml, { [anthropic]: [claudeCalls([call], '', false)] });
    expect(ran).toEqual([]);
    expect(told.error?.name).toBe('ExhaustedError');
  });

  it('is not run where only whole bodies lack an end', async () => {
    const { ran } = await run(`${chain}stream: false\n`, {
      [openai]: [chatCallsWhole([bad({ pieces: ['{"order_id":'] })])],
      [anthropic]: [rejected(503)],
    });
    expect(ran).toEqual([]);
  });
});

describe('a fallback in the middle of a session', () => {
  it('takes the results along in the form of the other provider, and runs nothing again', async () => {
    const { told, seen, ran } = await run(chain, {
      [openai]: [chatCalls([call], 'I will look.'), rejected(503)],
      [anthropic]: [claudeStream('It is here.')],
    });
    expect(told.text).toBe('I will look.\n\nIt is here.');
    expect(told.meta?.served).toBe('anthropic/claude-x');
    expect(ran).toEqual([given]);
    expect(seen[2]?.body.messages).toMatchObject([
      { role: 'user' },
      {
        role: 'assistant',
        content: [{ type: 'text' }, { type: 'tool_use', id: 'call_1', input: given }],
      },
      {
        role: 'user',
        content: [{ type: 'tool_result', tool_use_id: 'call_1', content: 'result 1' }],
      },
    ]);
  });

  it('stays where it is for the turns that follow', async () => {
    const later = { ...call, id: 'toolu_2', pieces: ['{"order_id":"LK-2"}'] };
    const { seen, ran } = await run(chain, {
      [openai]: [chatCalls([call]), rejected(503), chatStream('never')],
      [anthropic]: [claudeCalls([later]), claudeStream('Done.')],
    });
    expect(seen.map(({ host }) => host)).toEqual([openai, openai, anthropic, anthropic]);
    expect(ran).toEqual([given, { order_id: 'LK-2' }]);
  });

  it('keeps to one deadline for all turns', async () => {
    const { told } = await run(chain, {
      [openai]: [chatCalls([call]), { headersAfter: 'never' }],
      [anthropic]: [{ headersAfter: 'never' }],
    });
    expect(told.error?.name).toBe('ExhaustedError');
    expect(told.at).toBeLessThanOrEqual(20_000);
  });

  it('is an error where the answer itself has begun', async () => {
    const { told, ran } = await run(chain, {
      [openai]: [chatCalls([call]), { body: [chat.role, chat.text('It is '), 20, 'RESET'] }],
      [anthropic]: [claudeStream('never')],
    });
    expect(told).toMatchObject({ text: 'It is ' });
    expect(told.error?.name).toBe('StreamBrokenError');
    expect(ran).toEqual([given]);
  });
});

describe('a tool call that takes its time', () => {
  it('is not silence: arguments that go on coming keep the attempt alive', async () => {
    const pieces = ['{"order', '_id"', ':"', 'LK', '-1', '"}'];
    const events = chatCallEvents([{ ...call, pieces }]).flatMap((step) => [step, 900]);
    const { told, ran } = await run(chain, {
      [openai]: [{ body: [...events, chat.finish('tool_calls'), chat.done] }, chatStream('Here.')],
    });
    expect(told.text).toBe('Here.');
    expect(ran).toEqual([given]);
    expect(told.at).toBeGreaterThan(5_000);
  });
});
