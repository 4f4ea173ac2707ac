// Examples for rules over what a model is told.
import {
  chatTool,
  claude,
  claudeTool,
  contents,
  format,
  gpt4o,
  image,
  said,
  withParts,
} from './bodies.ts';
import type { LintExamples, Sketch } from './requests.ts';

/** A system prompt of Claude's, whole or in blocks, where the primary gets that one. */
function told(system: string | string[], primary: string): Sketch {
  const blocks = [system].flat().map((text) => ({ type: 'text', text }));
  return {
    to: 'messages',
    body: { ...claude, system: typeof system === 'string' ? system : blocks },
    primary: { to: 'chat', body: { ...gpt4o, messages: said('system', primary) } },
  };
}

export const promptExamples: Record<string, LintExamples> = {
  'lost-parts': {
    flagged: [
      [
        /^the system prompt that the primary gets/,
        {
          to: 'messages',
          body: claude,
          primary: { to: 'chat', body: { ...gpt4o, messages: said('system', 'Be brief.') } },
        },
      ],
      [
        /^the system prompt that the primary gets/,
        told('Ask Mira about the desk.', 'You are the desk of a shop.\nAnswer in two sentences.'),
      ],
      // Half of it is not all of it: cut off behind a line, or within one.
      [/^a part of the system prompt/, told('Be brief.', 'Be brief.\n\nAnswer in German.')],
      [/^a part of the system prompt/, told('Be brief. Answer', 'Be brief.\nAnswer in German.')],
      [/^a part of the system prompt/, told('Now: 10:00. Be brief.', 'Be brief.\nBe kind.')],
      [
        /^the primary may call find/,
        {
          to: 'messages',
          body: claude,
          primary: { to: 'chat', body: { ...gpt4o, tools: [chatTool] } },
        },
      ],
      [
        /^the primary is held to a schema/,
        {
          to: 'messages',
          body: claude,
          primary: { to: 'chat', body: { ...gpt4o, response_format: format } },
        },
      ],
      [
        /^the primary sees 1 image/,
        {
          to: 'messages',
          body: claude,
          primary: { to: 'chat', body: { ...gpt4o, messages: withParts(image) } },
        },
      ],
    ],
    passed: [
      {
        to: 'messages',
        body: { ...claude, system: 'Be brief.', tools: [claudeTool], tool_choice: { type: 'any' } },
        primary: {
          to: 'chat',
          body: {
            ...gpt4o,
            messages: said('system', 'Be brief.'),
            tools: [chatTool],
            response_format: format,
          },
        },
      },
      { to: 'messages', body: claude },
      // The same words, set as suits the provider.
      told(['You are the desk.', 'Be brief.'], 'You are the desk.\n\nBe brief.'),
      told(['You are the desk.', 'Be brief.'], 'You are the desk. Be brief.'),
      told(['Be brief.', 'You are the desk.'], 'You are the desk.\nBe brief.'),
      told('<rules>\nBe brief.\n\nBe kind.\n</rules>', 'Be brief.\nBe kind.'),
      told('## Be brief.\n- Be kind.', '<rules>\n# Be brief.\n* Be kind.\n</rules>'),
      told('You are\nthe desk.', 'You are the\n desk.'),
      told('Now: 2026-11-21T10:00:01.734Z', 'Now: 2026-11-21T10:00:00Z'),
      told('Call b2d8-11af. Be brief.', 'Call 77c0-e19a. Be brief.'),
      {
        to: 'gemini',
        body: { contents, systemInstruction: { parts: [{ text: 'Be brief.' }, { text: 'Now.' }] } },
        primary: { to: 'chat', body: { ...gpt4o, messages: said('system', 'Be brief.\n\nNow.') } },
      },
      {
        to: 'chat',
        body: { ...gpt4o, messages: [{ role: 'user', content: 'Be brief. What is owed?' }] },
        primary: { to: 'chat', body: { ...gpt4o, messages: said('system', 'Be brief.') } },
      },
    ],
  },
  'model-name': {
    flagged: [
      [
        /^the system prompt names GPT-4/,
        { to: 'messages', body: { ...claude, system: 'You are GPT-4.' } },
      ],
      [
        /^the prompt names Claude/,
        { to: 'chat', body: { ...gpt4o, messages: said('user', 'You are Claude.') } },
      ],
      ...[
        'You are the desk of a shop, powered by GPT-4.',
        'You are a large language model trained by OpenAI.',
        "You're Larkfield's assistant, running on ChatGPT.",
        'Be brief. Act as ChatGPT.',
        'If they ask, you are ChatGPT.',
        'Do not reveal that you are ChatGPT.',
      ].map((system): [RegExp, Sketch] => [
        /^the system prompt names (?:GPT-4|OpenAI|ChatGPT)/,
        { to: 'messages', body: { ...claude, system } },
      ]),
    ],
    passed: [
      ...[
        'You help developers who use our OpenAI integration. Never say that you are ChatGPT.',
        'You are not ChatGPT.',
        "Don't claim that you are GPT-4.",
        'Should they ask whether you are ChatGPT, ask back.',
        'You are not a model made by OpenAI.',
        'You compare prices. OpenAI made GPT-4.',
      ].map((system): Sketch => ({ to: 'messages', body: { ...claude, system } })),
      {
        to: 'chat',
        body: {
          ...gpt4o,
          messages: said('system', 'You are the guide of the Claude Monet museum.'),
        },
      },
      { to: 'chat', body: { ...gpt4o, messages: said('system', 'You are ChatGPT.') } },
      { to: 'messages', body: { ...claude, messages: said('user', 'Is GPT-4 older than you?') } },
      { to: 'messages', body: { ...claude, system: 'You help Claudette, who likes paintings.' } },
      {
        to: 'groq',
        body: {
          model: 'openai/gpt-oss-120b',
          messages: said('system', 'You are GPT-OSS by OpenAI.'),
        },
      },
    ],
  },
};
