// What OpenAI refuses in a request for embeddings. Its schema check says the same sentence whatever
// is wrong with the input: an empty text, no text at all, or more of them than fit.
// @see https://github.com/embeddings-benchmark/mteb/issues/1200
// @see https://github.com/SciPhi-AI/R2R/pull/768
import type { Rejection } from '../faults/rejection.ts';
import { invalid, missing } from './openai-objection.ts';
import { widthOf } from './vectors.ts';
import type { Asked } from './wire.ts';

const mostInputs = 2048;

export function embeddingObjection(body: Record<string, unknown>, asked: Asked): Rejection | null {
  if (body.input === undefined || body.input === null) return missing('input');
  if (!isInput(body.input)) return invalid(null, null, invalidInput);
  return formatObjection(body.encoding_format) ?? dimensionsObjection(body.dimensions, asked.model);
}

const invalidInput =
  "'$.input' is invalid. Please check the API reference: " +
  'https://platform.openai.com/docs/api-reference.';

function isInput(input: unknown): boolean {
  if (typeof input === 'string') return input !== '';
  if (!isList(input)) return false;
  if (input.every(isToken)) return true;
  const texts = input.every((one) => typeof one === 'string' && one !== '');
  return texts || input.every((one) => isList(one) && one.every(isToken));
}

/** Of inputs or of tokens: both have the same bound. */
function isList(value: unknown): value is unknown[] {
  return Array.isArray(value) && value.length > 0 && value.length <= mostInputs;
}

function isToken(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 0;
}

function formatObjection(format: unknown): Rejection | null {
  if (format === undefined || format === null || format === 'float' || format === 'base64') {
    return null;
  }
  const message = `${JSON.stringify(format)} is not one of ['float', 'base64'] - 'encoding_format'`;
  return invalid(null, null, message);
}

/** How wide a model is that nobody here knows is not known either: what is asked for is right. */
function dimensionsObjection(dimensions: unknown, model: string): Rejection | null {
  if (dimensions === undefined || dimensions === null) return null;
  if (model === 'text-embedding-ada-002') {
    return invalid(null, null, 'This model does not support specifying dimensions.');
  }
  const most = model.startsWith('text-embedding-3-') ? widthOf(model) : Number.POSITIVE_INFINITY;
  if (Number.isInteger(dimensions) && Number(dimensions) >= 1 && Number(dimensions) <= most) {
    return null;
  }
  const bounds =
    Number(dimensions) > most ? `less than or equal to ${most}` : 'a number of at least 1';
  const message = `Invalid value for 'dimensions' = ${JSON.stringify(dimensions)}. Must be ${bounds}.`;
  return invalid(null, null, message);
}
