import { record, records, text } from '../wires/json.ts';
import { dialectOf, sources } from './dialect-of.ts';
import type { Flag, LintRequest, LintRule } from './lint-rule.ts';
import { keywordsIn } from './schema-walk.ts';

/** Tools in the words of the target's API, with schemas that it reads. */
export const toolDialect: LintRule = {
  name: 'tool-dialect',
  describe: "tools in another provider's form, or with schemas that the target does not read",
  example: '{ type: function, function: { parameters } } to Anthropic’s own API',
  look(request) {
    const tools = records(request.body.tools);
    switch (dialectOf(request)) {
      case 'anthropic':
        return tools.flatMap(ofAnthropic);
      case 'openai':
      case 'compat':
        return tools.flatMap((tool) => ofOpenAi(tool, request));
      case 'google':
        return tools.flatMap(ofGoogle);
      default:
        return [];
    }
  },
};

function ofAnthropic(tool: Record<string, unknown>): Flag[] {
  const form = record(tool.function) ?? (tool.parameters === undefined ? null : tool);
  if (form) {
    const what = `the tool ${nameOf(form)} is in OpenAI's form: Anthropic takes { name, description, input_schema }`;
    return [{ effect: 'rejected', what, source: sources.messageTypes }];
  }
  const schema = record(tool.input_schema);
  if (!schema || schema.type === 'object') return [];
  const what = `input_schema of the tool ${nameOf(tool)} has to be of type object`;
  return [{ effect: 'rejected', what, source: sources.messageTypes }];
}

function ofOpenAi(tool: Record<string, unknown>, { wire }: LintRequest): Flag[] {
  if (tool.input_schema !== undefined) {
    const what = `the tool ${nameOf(tool)} is in Anthropic's form: OpenAI takes { type: function, ... parameters }`;
    return [{ effect: 'rejected', what, source: sources.chatTypes }];
  }
  const nested = record(tool.function) !== null;
  const flat = tool.type === 'function' && typeof tool.name === 'string';
  if (wire === 'openai-chat' && flat && !nested) {
    const what = `the tool ${nameOf(tool)} is in the form of the Responses API: chat completions want it below function`;
    return [{ effect: 'rejected', what, source: sources.chatTypes }];
  }
  if (wire !== 'openai-responses' || !nested) return [];
  const form = record(tool.function);
  const what = `the tool ${nameOf(form ?? tool)} is in the form of chat completions: the Responses API wants its members at the top`;
  return [{ effect: 'rejected', what, source: 'openai-node, responses.d.ts' }];
}

/** What nobody but JSON Schema knows; Google reads a part of OpenAPI's. */
const unread = ['$schema', '$ref', 'additionalProperties', 'patternProperties', 'propertyNames'];
const alsoUnread = ['const', 'exclusiveMinimum', 'exclusiveMaximum', 'uniqueItems'];

function ofGoogle(tool: Record<string, unknown>): Flag[] {
  const declared = records(tool.functionDeclarations ?? tool.function_declarations);
  return declared.flatMap((one): Flag[] => {
    const found = keywordsIn(one.parameters, [...unread, ...alsoUnread]);
    if (found.length === 0) return [];
    const what = `parameters of the tool ${nameOf(one)} have ${found.join(', ')}, which Google's schemas do not know: send parametersJsonSchema, or leave them out`;
    const source = 'tailcallhq/forgecode#3426; zed-extensions/mcp-server-brave-search#12';
    return [{ effect: 'rejected', what, source }];
  });
}

function nameOf(tool: Record<string, unknown>): string {
  return JSON.stringify(text(tool.name));
}
