// What Google itself refuses: missing credentials, contents that are no conversation, and members
// that belong to another provider's requests.
import type { Rejection } from '../faults/rejection.ts';
import { contentsOf, either, generationConfig, isVertex, partsOf } from './gemini-request.ts';
import { number } from './json.ts';
import { unreadable } from './request.ts';
import type { Asked } from './wire.ts';

type Json = Record<string, unknown>;

export function geminiObjection(asked: Asked): Rejection | null {
  const { body, key } = asked;
  if (key === null || key === '') return { reason: 'auth' };
  if (body === unreadable) return invalid('Invalid JSON payload received. Unexpected token.');
  return strangers(body) ?? contentsObjection(body, isVertex(asked)) ?? capObjection(body);
}

function invalid(message: string, param?: string): Rejection {
  return { reason: 'invalid-request', message, ...(param === undefined ? {} : { param }) };
}

/** Members of other APIs at the top of the body; Google does not overlook what it does not know. */
const ofOthers = [
  'messages',
  'input',
  'system',
  'instructions',
  'stream',
  'temperature',
  'top_p',
  'top_k',
  'max_tokens',
  'max_completion_tokens',
  'max_output_tokens',
  'stop',
  'stop_sequences',
  'response_format',
  'tool_choice',
];

function strangers(body: Json): Rejection | null {
  const names = ofOthers.filter((name) => name in body);
  const [first] = names;
  if (first === undefined) return null;
  const lines = names.map((name) => {
    return `Invalid JSON payload received. Unknown name "${name}": Cannot find field.`;
  });
  return invalid(lines.join('\n'), first);
}

function contentsObjection(body: Json, vertex: boolean): Rejection | null {
  const contents = contentsOf(body);
  if (contents.length === 0) {
    if (vertex) return invalid('Unable to submit request because it must have a text parameter.');
    return invalid('* GenerateContentRequest.contents: contents is not specified\n');
  }
  for (const [index, content] of contents.entries()) {
    const at = `GenerateContentRequest.contents[${index}].parts`;
    const { role } = content;
    if (role !== undefined && !['user', 'model', 'function', 'tool', ''].includes(String(role))) {
      return invalid('Please use a valid role: user, model.');
    }
    const parts = partsOf(content);
    if (parts.length === 0) return invalid(`* ${at}: contents.parts must not be empty.\n`);
    const empty = parts.findIndex((part) => Object.keys(part).length === 0);
    if (empty < 0) continue;
    const oneof = "required oneof field 'data' must have one initialized field";
    return invalid(`* ${at}[${empty}].data: ${oneof}\n`);
  }
  return null;
}

function capObjection(body: Json): Rejection | null {
  const cap = number(either(generationConfig(body), 'maxOutputTokens'));
  if (cap === null || cap > 0) return null;
  return invalid(
    '* GenerateContentRequest.generation_config.max_output_tokens: max_output_tokens must be ' +
      'positive.\n',
  );
}
