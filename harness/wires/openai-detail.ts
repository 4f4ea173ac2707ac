// How OpenAI says what exactly is wrong with a request, or which limit it is over. Words, codes and
// parameters as people report them.
// @see https://github.com/openai/codex/issues/14355 ids that are too long
// @see https://github.com/ChatGPTNextWeb/NextChat/issues/3195 output and context
// @see https://github.com/browser-use/web-ui/issues/274 images
// @see https://www.developersdigest.tech/errors/api/openai-api/429-slow-down
import type { Flaw, Rejection } from '../faults/rejection.ts';
import { flawText } from './flaw-text.ts';
import type { Asked } from './wire.ts';

interface Detail {
  type?: string;
  code?: string | null;
  param?: string | null;
  message?: string;
}

export function openAiDetail({ flaw, ramp, ...rejection }: Rejection, asked: Asked): Detail {
  if (flaw) return flawDetail(flaw, asked);
  if (ramp) return slowDown;
  return rejection.over ? limitDetail(rejection, asked) : {};
}

/** It looks at how fast the load grew, not at the limits. */
const slowDown: Detail = {
  type: 'rate_limit_error',
  code: 'slow_down',
  message: 'Your request rate increased too quickly. Reduce it, then increase it gradually.',
};

function flawDetail(flaw: Flaw, asked: Asked): Detail {
  const chat = asked.wire === 'openai-chat';
  switch (flaw.is) {
    case 'unsupported-parameter': {
      const message = `Unsupported parameter: '${flaw.name}' is not supported with this model.`;
      return { code: 'unsupported_parameter', param: flaw.name, message };
    }
    case 'missing-parameter': {
      const message = `Missing required parameter: '${flaw.name}'.`;
      return { code: 'missing_required_parameter', param: flaw.name, message };
    }
    case 'context':
      return chat ? { message: contextWords(flaw) } : {};
    case 'output':
      return { param: capName(asked), message: outputWords(flaw, capName(asked)) };
    case 'long-id': {
      const param = chat ? 'messages' : 'input';
      const message =
        `Invalid '${param}': string too long. Expected a string with maximum length ` +
        `${flaw.limit}, but got a string with length ${flaw.length} instead.`;
      return { code: 'string_above_max_length', param, message };
    }
    case 'images': {
      const part = chat ? 'image_url' : 'input_image';
      const message = `Invalid content type. ${part} is only supported by certain models.`;
      return { param: chat ? 'messages' : 'input', message };
    }
    case 'schema':
      return { param: chat ? 'response_format' : 'text.format', message: flawText(flaw) };
    case 'tools':
      return { param: 'tools', message: flawText(flaw) };
    case 'prefill':
    case 'foreign-ids':
    case 'foreign-signatures':
    case 'missing-signatures':
      return { param: chat ? 'messages' : 'input', message: flawText(flaw) };
    default:
      return flaw satisfies never;
  }
}

/** What the request calls its output limit. */
function capName({ wire, body }: Asked): string {
  if (wire === 'openai-responses') return 'max_output_tokens';
  return 'max_completion_tokens' in body ? 'max_completion_tokens' : 'max_tokens';
}

function contextWords({ limit, input, output }: Extract<Flaw, { is: 'context' }>): string {
  return (
    `This model's maximum context length is ${limit} tokens. However, you requested ` +
    `${input + output} tokens (${input} in the messages, ${output} in the completion). ` +
    'Please reduce the length of the messages or completion.'
  );
}

function outputWords({ limit, asked }: Extract<Flaw, { is: 'output' }>, name: string): string {
  return (
    `${name} is too large: ${asked}. This model supports at most ${limit} completion tokens, ` +
    `whereas you provided ${asked}.`
  );
}

function limitDetail({ reason, over, limits, hint }: Rejection, asked: Asked): Detail {
  const allowance = over && limits?.[over.what];
  if (!allowance) return {};
  const { limit, remaining } = allowance;
  const where = `for ${asked.model} in organization org-firedrill on ${over.what} per min`;
  const short = over.what === 'requests' ? 'RPM' : 'TPM';
  const more = 'Visit https://platform.openai.com/account/rate-limits to learn more.';
  if (reason === 'too-large') {
    const message =
      `Request too large ${where} (${short}): Limit ${limit}, Requested ${over.asked}. The input ` +
      `or output tokens must be reduced in order to run successfully. ${more}`;
    return { type: over.what, message };
  }
  const wait = hint?.retryAfter === undefined ? '' : ` Please try again in ${hint.retryAfter}s.`;
  const used = `Limit ${limit}, Used ${limit - remaining}, Requested ${over.asked}.`;
  return {
    type: over.what,
    message: `Rate limit reached ${where} (${short}): ${used}${wait} ${more}`,
  };
}
