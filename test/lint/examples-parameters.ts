// Examples for rules over parameters, sizes and names.
import {
  begun,
  claude,
  compat,
  contents,
  current,
  format,
  gpt4o,
  gpt5,
  messages,
  said,
  sonnet5,
} from './bodies.ts';
import type { LintExamples } from './requests.ts';

export const parameterExamples: Record<string, LintExamples> = {
  'body-size': {
    flagged: [
      [/33 MB/, { to: 'messages', body: { ...claude, metadata: { x: 'x'.repeat(33 << 20) } } }],
    ],
    passed: [
      { to: 'messages', body: claude },
      { to: 'chat', body: { ...gpt4o, metadata: { x: 'x'.repeat(33 << 20) } } },
    ],
  },
  'compat-ignored': {
    flagged: [
      [
        /^response_format is ignored/,
        { to: 'compat', body: { ...compat, response_format: format } },
      ],
      [/^seed is ignored/, { to: 'compat', body: { ...compat, seed: 7 } }],
      [
        /^strict of a tool/,
        {
          to: 'compat',
          body: { ...compat, tools: [{ type: 'function', function: { name: 'f', strict: true } }] },
        },
      ],
      [
        /^frequency_penalty is ignored/,
        { to: 'compat', body: { ...compat, frequency_penalty: 0.5 } },
      ],
      [
        /^logit_bias is ignored/,
        { to: 'compat', body: { ...compat, logit_bias: { 50256: -100 } } },
      ],
      [/^modalities is ignored/, { to: 'compat', body: { ...compat, modalities: ['audio'] } }],
      [/^service_tier is ignored/, { to: 'compat', body: { ...compat, service_tier: 'flex' } }],
      [
        /^response_format is ignored/,
        { to: 'compat', body: { ...compat, response_format: { type: 'json_object' } } },
      ],
      [/^n: 2 is not allowed/, { to: 'compat', body: { ...compat, n: 2 } }],
    ],
    passed: [
      { to: 'compat', body: { ...compat, stop: ['END'], seed: null, n: 1 } },
      // What it would do without being asked.
      {
        to: 'compat',
        body: {
          ...compat,
          response_format: { type: 'text' },
          logprobs: false,
          top_logprobs: 0,
          presence_penalty: 0,
          frequency_penalty: 0,
          logit_bias: {},
          service_tier: 'auto',
          modalities: ['text'],
        },
      },
      { to: 'chat', body: { ...gpt4o, response_format: format, seed: 7 } },
    ],
  },
  'context-window': {
    flagged: [
      [
        /^about 3000 tokens go in, with 1500 that may come back/,
        {
          to: 'messages',
          body: { ...claude, max_tokens: 1500, messages: said('user', 'word '.repeat(2995)) },
          context: 4000,
        },
      ],
      [
        /^about 3900 tokens go in/,
        {
          to: 'messages',
          body: { ...sonnet5, max_tokens: 200, messages: said('user', 'word '.repeat(2995)) },
          context: 4000,
        },
      ],
    ],
    passed: [
      { to: 'messages', body: claude, context: 4000 },
      { to: 'messages', body: { ...claude, messages: said('user', 'word '.repeat(9000)) } },
    ],
  },
  'foreign-parameters': {
    flagged: [
      [
        /^stop is unknown here.*it is stop_sequences/,
        { to: 'messages', body: { ...claude, stop: 'x' } },
      ],
      [
        /^response_format is unknown/,
        { to: 'messages', body: { ...claude, response_format: format } },
      ],
      [/^top_k is unknown here/, { to: 'chat', body: { ...gpt4o, top_k: 5 } }],
      [/^temperature is unknown here/, { to: 'gemini', body: { contents, temperature: 0 } }],
    ],
    passed: [
      { to: 'messages', body: { ...claude, stop_sequences: ['x'], top_k: 5 } },
      { to: 'chat', body: { ...gpt4o, stop: 'x', response_format: format, top_k: null } },
      { to: 'groq', body: { ...gpt4o, top_k: 5 } },
      { to: 'gemini', body: { contents, generationConfig: { temperature: 0 } } },
    ],
  },
  objection: {
    flagged: [
      [/max_tokens: Field required/, { to: 'messages', body: { model: 'claude-3', messages } }],
    ],
    passed: [{ to: 'messages', body: claude }],
  },
  'output-cap-name': {
    flagged: [
      [/send max_completion_tokens/, { to: 'chat', body: { ...gpt5, max_tokens: 100 } }],
      [/Anthropic requires it/, { to: 'messages', body: { model: 'claude-3', messages } }],
    ],
    passed: [
      { to: 'chat', body: { ...gpt5, max_completion_tokens: 100 } },
      { to: 'chat', body: { ...gpt4o, max_tokens: 100 } },
      { to: 'messages', body: claude },
    ],
  },
  'output-cap-short': {
    flagged: [
      [/at most 500 tokens.*about 700/, { to: 'messages', body: claude, primaryTokens: 700 }],
      [/what claude-sonnet-5 thinks/, { to: 'messages', body: { ...sonnet5, max_tokens: 300 } }],
    ],
    passed: [
      { to: 'messages', body: claude, primaryTokens: 400 },
      { to: 'chat', body: gpt4o, primaryTokens: 700 },
      {
        to: 'messages',
        body: { ...sonnet5, max_tokens: 300, thinking: { type: 'disabled' } },
      },
    ],
  },
  prefill: {
    flagged: [
      [
        /^claude-sonnet-5 takes no begun/,
        { to: 'messages', body: { ...sonnet5, messages: begun } },
      ],
      [/answers anew/, { to: 'chat', body: { ...gpt4o, messages: begun } }],
    ],
    passed: [
      { to: 'messages', body: { ...claude, messages: begun } },
      { to: 'messages', body: sonnet5 },
    ],
  },
  sampling: {
    flagged: [
      [
        /^temperature is no part/,
        { to: 'messages', body: { ...claude, temperature: 1 }, version: current },
      ],
      [/^top_p: 0.9 is not the default/, { to: 'messages', body: { ...sonnet5, top_p: 0.9 } }],
      [/^top_k: 1 is not the default/, { to: 'messages', body: { ...sonnet5, top_k: 1 } }],
      [/^temperature: 0.2 is not the default/, { to: 'chat', body: { ...gpt5, temperature: 0.2 } }],
      [/^top_p: 0.9 is not the default/, { to: 'chat', body: { ...gpt5, top_p: 0.9 } }],
    ],
    passed: [
      { to: 'messages', body: { ...claude, temperature: 0.2 } },
      { to: 'messages', body: claude, version: current },
      { to: 'messages', body: { ...sonnet5, top_p: 1 } },
      { to: 'chat', body: { ...gpt4o, temperature: 0.2 } },
      { to: 'chat', body: { ...gpt5, temperature: 1, top_p: 1 } },
      { to: 'chat', body: { ...gpt5, temperature: 0.2, top_p: 0.9, reasoning_effort: 'none' } },
    ],
  },
  'stop-sequences': {
    flagged: [
      [/^5 stop sequences/, { to: 'chat', body: { ...gpt4o, stop: ['a', 'b', 'c', 'd', 'e'] } }],
      [
        /^stop is not supported by o3/,
        { to: 'chat', body: { model: 'o3', messages, stop: 'END' } },
      ],
      [/only white space/, { to: 'messages', body: { ...claude, stop_sequences: ['\n'] } }],
      [/only white space/, { to: 'compat', body: { ...compat, stop: '\n\n' } }],
    ],
    passed: [
      { to: 'chat', body: { ...gpt4o, stop: ['\n', 'b', 'c', 'd'] } },
      { to: 'messages', body: { ...claude, stop_sequences: ['END'] } },
    ],
  },
  'temperature-range': {
    flagged: [
      [
        /^temperature: 1.3 is outside of 0 to 1/,
        { to: 'messages', body: { ...claude, temperature: 1.3 } },
      ],
      [/taken for 1/, { to: 'compat', body: { ...compat, temperature: 1.3 } }],
      [/outside of 0 to 2/, { to: 'chat', body: { ...gpt4o, temperature: 2.5 } }],
    ],
    passed: [
      { to: 'chat', body: { ...gpt4o, temperature: 1.3 } },
      { to: 'messages', body: { ...claude, temperature: 1 } },
    ],
  },
  thinking: {
    flagged: [
      [
        /budget_tokens is rejected/,
        {
          to: 'messages',
          body: { ...sonnet5, thinking: { type: 'enabled', budget_tokens: 2048 } },
        },
      ],
    ],
    passed: [
      { to: 'messages', body: { ...sonnet5, thinking: { type: 'disabled' } } },
      { to: 'messages', body: { ...claude, thinking: { type: 'enabled', budget_tokens: 2048 } } },
    ],
  },
};
