// Examples for rules over schemas.
import { chatTool, closed, gpt4o, open } from './bodies.ts';
import type { LintExamples, Sketch } from './requests.ts';

/** A request whose answer is held to that schema. */
function strict(schema: unknown): Sketch {
  const form = { type: 'json_schema', json_schema: { name: 'a', strict: true, schema } };
  return { to: 'chat', body: { ...gpt4o, response_format: form } };
}

function strictTool(parameters: unknown): Sketch {
  const form = { name: 'find', strict: true, parameters };
  return { to: 'chat', body: { ...gpt4o, tools: [{ type: 'function', function: form }] } };
}

const object = (properties: Record<string, unknown>): Record<string, unknown> => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
});

const text = { type: 'string' };
const either = [text, { type: 'number' }];

export const schemaExamples: Record<string, LintExamples> = {
  'strict-schema': {
    flagged: [
      [/^the strict schema of the answer: it lacks additionalProperties: false/, strict(open)],
      [
        /properties.inner does not require b/,
        strictTool(object({ inner: { ...object({ a: text, b: text }), required: ['a'] } })),
      ],
      [
        /properties.id lacks additionalProperties/,
        strict(object({ id: { type: ['object', 'null'] } })),
      ],
      [/properties.id says no type/, strict(object({ id: { description: 'whose' } }))],
      [/properties.id has oneOf.*anyOf$/, strict(object({ id: { oneOf: either } }))],
      [/^the strict schema of the tool "find": it has oneOf/, strictTool({ ...closed, oneOf: [] })],
      [
        /properties.ids.items.anyOf has allOf, which is not permitted: write its parts as one/,
        strict(object({ ids: { type: 'array', items: { anyOf: [{ allOf: either }] } } })),
      ],
      ...['not', 'if', 'dependentRequired', 'dependentSchemas'].map((keyword): [RegExp, Sketch] => [
        new RegExp(`it has ${keyword}, which is not permitted`),
        strict({ ...closed, [keyword]: {} }),
      ]),
      [/it has anyOf at its root: put it into a member/, strict({ anyOf: [closed, object({})] })],
      [/it is not of type object at its root/, strict({ type: 'array', items: closed })],
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
      strict(object({ id: { anyOf: [...either, closed, { $ref: '#/$defs/a' }] } })),
      // Members may be called so, and values may look so.
      strict(object({ not: { type: 'string' }, if: { type: 'string' }, oneOf: closed })),
      strict(object({ id: { enum: ['a', 'b'] }, kind: { const: 'a' } })),
      strict(object({ id: { type: 'string', default: { oneOf: [] } } })),
      {
        to: 'chat',
        body: {
          ...gpt4o,
          response_format: {
            type: 'json_schema',
            json_schema: { name: 'a', schema: { oneOf: either } },
          },
        },
      },
    ],
  },
};
