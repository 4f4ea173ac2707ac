import { record, records } from '../wires/json.ts';
import { dialectOf } from './dialect-of.ts';
import type { LintRequest, LintRule } from './lint-rule.ts';
import { schemasIn } from './schema-walk.ts';

const guide = 'developers.openai.com/docs/guides/structured-outputs';
const issues = 'agentscope-ai/agentscope-java#2548; ai-dynamo/dynamo#15153';
const source = `${guide}; openai-node, lib/transform; ${issues}`;

/** Ways to put schemas together that strict ones do not have, each with what to do instead. */
const unsupported: Readonly<Record<string, string>> = {
  oneOf: 'say anyOf',
  allOf: 'write its parts as one schema',
  not: 'leave it out',
  if: 'say anyOf',
  dependentRequired: 'say anyOf',
  dependentSchemas: 'say anyOf',
};

/** One of these has to say what a value is. */
const saysWhat = ['type', 'anyOf', '$ref', 'enum', 'const'];

/**
 * OpenAI's strict schemas name every member, and no other may come. Of several schemas they take
 * anyOf alone, and that not at the root, which has to be an object.
 */
export const strictSchema: LintRule = {
  name: 'strict-schema',
  describe:
    'a strict schema that OpenAI rejects: open objects, optional members, oneOf, allOf, ...',
  example: 'strict: true with an object without additionalProperties: false',
  look(request) {
    if (dialectOf(request) !== 'openai') return [];
    return strictOf(request).flatMap(({ name, schema }) => {
      const problem = problemOf(schema);
      if (problem === null) return [];
      return [{ effect: 'rejected', what: `the strict schema of ${name}: ${problem}`, source }];
    });
  },
};

interface Named {
  name: string;
  schema: unknown;
}

function strictOf({ body }: LintRequest): Named[] {
  const found: Named[] = [];
  const wrapped = record(record(body.response_format)?.json_schema);
  const format = wrapped ?? record(record(body.text)?.format);
  const isStrict = format?.strict === true;
  if (format && isStrict) found.push({ name: 'the answer', schema: format.schema });
  for (const tool of records(body.tools)) {
    const form = record(tool.function) ?? tool;
    if (form.strict !== true) continue;
    found.push({ name: `the tool ${JSON.stringify(form.name)}`, schema: form.parameters });
  }
  return found;
}

function problemOf(schema: unknown): string | null {
  for (const [one, way] of schemasIn(schema)) {
    const problem = (way === '' ? rootProblem(one) : null) ?? ownProblem(one);
    if (problem !== null) return `${way === '' ? 'it' : way} ${problem}`;
  }
  return null;
}

function rootProblem({ type, anyOf }: Record<string, unknown>): string | null {
  if (anyOf !== undefined) return 'has anyOf at its root: put it into a member';
  return type === 'object' ? null : 'is not of type object at its root: put it into a member';
}

function ownProblem(one: Record<string, unknown>): string | null {
  for (const [keyword, instead] of Object.entries(unsupported)) {
    if (one[keyword] !== undefined) return `has ${keyword}, which is not permitted: ${instead}`;
  }
  if (saysWhat.every((keyword) => one[keyword] === undefined)) return 'says no type: give it one';
  const members = record(one.properties);
  if (![one.type].flat().includes('object') && members === null) return null;
  if (one.additionalProperties !== false) return 'lacks additionalProperties: false';
  const required = Array.isArray(one.required) ? one.required : [];
  const optional = Object.keys(members ?? {}).filter((name) => !required.includes(name));
  return optional.length > 0 ? `does not require ${optional.join(', ')}` : null;
}
