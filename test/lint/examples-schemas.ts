// Examples for rules over schemas.
import { chatTool, closed, gpt4o, open } from './bodies.ts';
import type { LintExamples } from './requests.ts';

export const schemaExamples: Record<string, LintExamples> = {
  'strict-schema': {
    flagged: [
      [
        /^the strict schema of the answer: it lacks additionalProperties: false/,
        {
          to: 'chat',
          body: {
            ...gpt4o,
            response_format: {
              type: 'json_schema',
              json_schema: { name: 'a', strict: true, schema: open },
            },
          },
        },
      ],
      [
        /properties.inner does not require b/,
        {
          to: 'chat',
          body: {
            ...gpt4o,
            tools: [
              {
                type: 'function',
                function: {
                  name: 'find',
                  strict: true,
                  parameters: {
                    ...closed,
                    properties: {
                      inner: {
                        type: 'object',
                        additionalProperties: false,
                        properties: { a: {}, b: {} },
                        required: ['a'],
                      },
                    },
                    required: ['inner'],
                  },
                },
              },
            ],
          },
        },
      ],
    ],
    passed: [
      {
        to: 'responses',
        body: {
          model: 'gpt-4o',
          input: 'x',
          text: { format: { type: 'json_schema', name: 'a', strict: true, schema: closed } },
        },
      },
      { to: 'chat', body: { ...gpt4o, tools: [chatTool] } },
    ],
  },
};
