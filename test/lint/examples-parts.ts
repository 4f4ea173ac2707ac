// Examples for rules over the parts of a conversation: messages, tools, schemas, images.
import {
  chatTool,
  claude,
  claudeImage,
  claudeTool,
  closed,
  compat,
  contents,
  current,
  format,
  googleTool,
  gpt4o,
  image,
  open,
  said,
  toolHistory,
  user,
  withParts,
} from './bodies.ts';
import type { LintExamples } from './requests.ts';

export const partExamples: Record<string, LintExamples> = {
  'foreign-ids': {
    flagged: [
      [
        /tool call call_1/,
        { to: 'messages', body: { ...claude, messages: toolHistory('call_1') } },
      ],
    ],
    passed: [{ to: 'messages', body: { ...claude, messages: toolHistory('toolu_01') } }],
  },
  images: {
    flagged: [
      [/OpenAI’s form/, { to: 'messages', body: { ...claude, messages: withParts(image) } }],
      [/Anthropic’s form/, { to: 'chat', body: { ...gpt4o, messages: withParts(claudeImage) } }],
    ],
    passed: [
      { to: 'messages', body: { ...claude, messages: withParts(claudeImage) } },
      { to: 'chat', body: { ...gpt4o, messages: withParts(image) } },
      { to: 'compat', body: { ...compat, messages: withParts(image) } },
    ],
  },
  'json-mode': {
    flagged: [
      [
        /needs the word JSON/,
        { to: 'chat', body: { ...gpt4o, response_format: { type: 'json_object' } } },
      ],
    ],
    passed: [
      {
        to: 'chat',
        body: {
          ...gpt4o,
          messages: said('system', 'Answer as json.'),
          response_format: { type: 'json_object' },
        },
      },
      { to: 'chat', body: { ...gpt4o, response_format: format } },
    ],
  },
  'system-placement': {
    flagged: [
      [
        /moved to the front/,
        { to: 'compat', body: { ...compat, messages: [user, ...said('system', 'Be brief.')] } },
      ],
      [
        /Unexpected role/,
        { to: 'messages', body: { ...claude, messages: said('system', 'Be brief.') } },
      ],
      [
        /systemInstruction/,
        {
          to: 'gemini',
          body: { contents: [{ role: 'system', parts: [{ text: 'x' }] }, ...contents] },
        },
      ],
    ],
    passed: [
      { to: 'compat', body: { ...compat, messages: said('system', 'Be brief.') } },
      { to: 'messages', body: { ...claude, system: 'Be brief.' } },
      {
        to: 'messages',
        body: { ...claude, messages: said('system', 'Be brief.') },
        version: current,
      },
      { to: 'chat', body: { ...gpt4o, messages: [user, ...said('system', 'Be brief.')] } },
    ],
  },
  'tool-dialect': {
    flagged: [
      [/"find" is in OpenAI's form/, { to: 'messages', body: { ...claude, tools: [chatTool] } }],
      [/"find" is in Anthropic's form/, { to: 'chat', body: { ...gpt4o, tools: [claudeTool] } }],
      [
        /form of the Responses API/,
        {
          to: 'chat',
          body: { ...gpt4o, tools: [{ type: 'function', name: 'f', parameters: open }] },
        },
      ],
      [
        /form of chat completions/,
        { to: 'responses', body: { model: 'gpt-4o', input: 'x', tools: [chatTool] } },
      ],
      [
        /has to be of type object/,
        {
          to: 'messages',
          body: { ...claude, tools: [{ ...claudeTool, input_schema: { type: 'string' } }] },
        },
      ],
      [/additionalProperties/, { to: 'gemini', body: googleTool(closed) }],
    ],
    passed: [
      { to: 'messages', body: { ...claude, tools: [claudeTool] } },
      { to: 'messages', body: { ...claude, tools: [{ type: 'web_search_20250305', name: 'w' }] } },
      { to: 'chat', body: { ...gpt4o, tools: [chatTool] } },
      // A property of that name is no keyword.
      {
        to: 'gemini',
        body: googleTool({ type: 'object', properties: { const: { type: 'string' } } }),
      },
    ],
  },
};
