// What OpenAI itself refuses, on both of its wires: credentials, missing parts, and parameters
// that a model does not take. A chain that forwards one body to every target meets these here.
import type { Rejection } from '../faults/rejection.ts';
import { record } from './json.ts';
import { unreadable } from './request.ts';
import type { Asked } from './wire.ts';

/** The objection of either wire; `own` has the rules that only one of them knows. */
export function openAiObjection(
  asked: Asked,
  own: (body: Record<string, unknown>, asked: Asked) => Rejection | null,
): Rejection | null {
  const { body } = asked;
  if (asked.key === null || asked.key === '') return { reason: 'auth' };
  if (body === unreadable) return invalid(null, null, notJson);
  if (asked.model === '') {
    if (asked.wire === 'openai-responses') return missing('model');
    return invalid(null, null, 'you must provide a model parameter');
  }
  return own(body, asked) ?? temperatureObjection(body, asked.model);
}

const notJson =
  'We could not parse the JSON body of your request. The OpenAI API expects a JSON payload, ' +
  'but what was sent was not valid JSON.';

export function invalid(code: string | null, param: string | null, message: string): Rejection {
  return {
    reason: 'invalid-request',
    message,
    ...(code === null ? {} : { code }),
    ...(param === null ? {} : { param }),
  };
}

export function missing(param: string): Rejection {
  const message = `Missing required parameter: '${param}'.`;
  return invalid('missing_required_parameter', param, message);
}

export function emptyList(param: string): Rejection {
  const message =
    `Invalid '${param}': empty array. Expected an array with minimum length 1, ` +
    'but got an empty array instead.';
  return invalid('empty_array', param, message);
}

/** Models that think before they answer. Their `-chat` siblings take the older parameters. */
export function isReasoningModel(model: string): boolean {
  return /^(?:gpt-[56](?!.*-chat(?:-|$))|o\d)/.test(model);
}

function temperatureObjection(body: Record<string, unknown>, model: string): Rejection | null {
  const given = body.temperature;
  if (given === undefined || given === null || given === 1) return null;
  if (!isReasoningModel(model)) return null;
  const effort = body.reasoning_effort ?? record(body.reasoning)?.effort;
  if (effort === 'none') return null;
  const message =
    `Unsupported value: 'temperature' does not support ${JSON.stringify(given)} with this model. ` +
    'Only the default (1) value is supported.';
  return invalid('unsupported_value', 'temperature', message);
}
