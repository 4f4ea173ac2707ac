// How Anthropic says what exactly is wrong with a request, or that the load grows too fast. Words
// as people report them.
// @see https://github.com/docker/docker-agent/issues/569 context
// @see https://github.com/anthropics/claude-code/issues/10627 signatures
// @see https://github.com/tghamm/Anthropic.SDK/issues/184 ids
import type { Flaw, Rejection } from '../faults/rejection.ts';
import { flawText } from './flaw-text.ts';
import type { Asked } from './wire.ts';

interface Detail {
  code?: string;
  message?: string;
}

export function anthropicDetail(rejection: Rejection, asked: Asked): Detail {
  const { flaw, ramp, over, limits } = rejection;
  if (flaw) return { message: flawWords(flaw, asked) };
  if (ramp) return tooFast;
  if (over?.what !== 'tokens' || !limits?.tokens) return {};
  return { message: tokenWords(limits.tokens.limit, asked.model) };
}

function tokenWords(limit: number, model: string): string {
  return (
    `This request would exceed your organization's rate limit of ${limit.toLocaleString('en-US')} ` +
    `input tokens per minute (model: ${model}). For details, refer to: ` +
    'https://docs.claude.com/en/api/rate-limits. Please reduce the prompt length or the maximum ' +
    'tokens requested, or try again later.'
  );
}

const tooFast: Detail = {
  code: 'ramp_limit_exceeded',
  message: 'Your usage increased too quickly. Increase your traffic gradually and try again later.',
};

function flawWords(flaw: Flaw, asked: Asked): string {
  switch (flaw.is) {
    case 'unsupported-parameter':
      return `${flaw.name}: Extra inputs are not permitted`;
    case 'missing-parameter':
      return `${flaw.name}: Field required`;
    case 'context': {
      const { input, output, limit } = flaw;
      if (input > limit) return `prompt is too long: ${input} tokens > ${limit} maximum`;
      return (
        `input length and \`max_tokens\` exceed context limit: ${input} + ${output} > ${limit}, ` +
        'decrease input length or `max_tokens` and try again'
      );
    }
    case 'output':
      return (
        `max_tokens: ${flaw.asked} > ${flaw.limit}, which is the maximum allowed number of output ` +
        `tokens for ${asked.model}`
      );
    case 'prefill':
      return (
        'This model does not support assistant message prefill. ' +
        'The conversation must end with a user message.'
      );
    case 'foreign-signatures':
      return 'messages: Invalid `signature` in `thinking` block';
    case 'images':
    case 'schema':
    case 'tools':
    case 'long-id':
    case 'foreign-ids':
    case 'missing-signatures':
      return flawText(flaw);
    default:
      return flaw satisfies never;
  }
}
