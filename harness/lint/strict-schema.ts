import { record, records } from '../wires/json.ts';
import { dialectOf } from './dialect-of.ts';
import type { LintRequest, LintRule } from './lint-rule.ts';
import { schemasIn } from './schema-walk.ts';

const source =
  'developers.openai.com/docs/guides/structured-outputs; agentscope-ai/agentscope-java#2548';

/** OpenAI's strict schemas name every member, and no other may come. */
export const strictSchema: LintRule = {
  name: 'strict-schema',
  describe: 'a strict schema that OpenAI rejects: open objects, members that are not required',
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
    const members = record(one.properties);
    if (one.type !== 'object' && members === null) continue;
    const at = way === '' ? 'it' : way;
    if (one.additionalProperties !== false) return `${at} lacks additionalProperties: false`;
    const required = Array.isArray(one.required) ? one.required : [];
    const optional = Object.keys(members ?? {}).filter((name) => !required.includes(name));
    if (optional.length > 0) return `${at} does not require ${optional.join(', ')}`;
  }
  return null;
}
