// OpenAI's embeddings, which many other providers and servers speak too. The vectors are made by
// the harness (vectors.ts): no recording of one is needed, and none could fit a new question.
// @see https://platform.openai.com/docs/api-reference/embeddings
import type { Quirks } from '../faults/effect.ts';
import { mix } from '../rng.ts';
import { tokensOf } from '../upstream/tokens.ts';
import { commentFrame, frameOf } from './frame.ts';
import { number, text } from './json.ts';
import { embeddingObjection } from './openai-embeddings-objection.ts';
import { openAiError, openAiReject } from './openai-error.ts';
import { openAiHeaders } from './openai-headers.ts';
import { openAiObjection } from './openai-objection.ts';
import { bearerOf, bodyOf, deploymentOf, posts } from './request.ts';
import { traitsOf } from './traits.ts';
import type { EmbeddingInput } from './vectors.ts';
import { vectorOf, widthOf } from './vectors.ts';
import type { Answer, Asked, Frame, RawRequest, Wire } from './wire.ts';

export const openaiEmbeddings: Wire = {
  name: 'openai-embeddings',
  describe: 'OpenAI embeddings: POST .../embeddings; the vectors are made by firedrill',
  decode,
  traits: (asked) => ({
    ...traitsOf(asked, { images: [], callIds: [], signatures: [] }, false),
    inputTokens: tokensIn(asked),
  }),
  objection: (asked) => openAiObjection(asked, embeddingObjection),
  make,
  frames,
  headers: openAiHeaders,
  reject: openAiReject,
  errorFrames(rejection, asked, stamp) {
    const error = openAiError(rejection, asked, stamp);
    return [frameOf(JSON.stringify({ error }), 'error')];
  },
  keepalive: () => commentFrame('keep-alive'),
  classify: () => ({ role: 'preamble', chars: 0, marker: false }),
  read: () => null,
};

function decode(request: RawRequest): Asked | null {
  if (!posts(request, '/embeddings')) return null;
  const body = bodyOf(request);
  const texts = inputsIn(body.input).filter((input) => typeof input === 'string');
  return {
    wire: 'openai-embeddings',
    model: text(body.model) || deploymentOf(request.url),
    stream: false,
    turns: texts.map((input) => ({ role: 'user', text: input })),
    key: bearerOf(request) ?? request.header('api-key'),
    maxTokens: null,
    tools: [],
    variant: `${text(body.encoding_format) || 'float'} ${number(body.dimensions) ?? 'whole'}`,
    body,
    version: null,
  };
}

/** One input or many; the numbers of tokens may stand for a text. */
function inputsIn(input: unknown): EmbeddingInput[] {
  if (typeof input === 'string') return [input];
  if (!Array.isArray(input)) return [];
  if (input.length > 0 && input.every(isToken)) return [input.filter(isToken)];
  return input.map((one: unknown) => {
    if (typeof one === 'string') return one;
    return Array.isArray(one) ? one.filter(isToken) : '';
  });
}

function isToken(value: unknown): value is number {
  return typeof value === 'number';
}

function tokensIn({ body }: Asked): number {
  return inputsIn(body.input).reduce(
    (sum, input) => sum + (typeof input === 'string' ? tokensOf(input) : input.length),
    0,
  );
}

function make(asked: Asked): Answer {
  const estimated = inputsIn(asked.body.input).some((input) => typeof input === 'string');
  return {
    id: `vectors~${asked.model}~${mix(0, JSON.stringify(asked.body)).toString(36)}`,
    text: '',
    reasoning: '',
    toolCalls: [],
    refusal: null,
    finish: 'stop',
    usage: { input: tokensIn(asked), output: 0, estimated },
  };
}

function frames(answer: Answer, { body, model }: Asked, quirks: Quirks = {}): Frame[] {
  const width = number(body.dimensions) ?? widthOf(model);
  const inputs = quirks.content === 'no-choices' ? [] : inputsIn(body.input);
  const data = inputs.map((input, index) => {
    const embedding =
      quirks.content === 'null'
        ? null
        : written(oddly(vectorOf(model, input, width), quirks), body.encoding_format === 'base64');
    return { object: 'embedding', index, embedding };
  });
  const { input } = answer.usage;
  const usage = quirks.usage === 'null' ? null : { prompt_tokens: input, total_tokens: input };
  const named = { object: 'list', data, model: quirks.model ?? model };
  const whole = quirks.usage === 'missing' ? named : { ...named, usage };
  return [frameOf(`${JSON.stringify(whole)}\n`, 'whole', 0, true)];
}

function oddly(vector: Float32Array, { vectors }: Quirks): Float32Array {
  if (vectors === 'empty') return vector.subarray(0, 0);
  return vectors === 'half' ? vector.subarray(0, Math.ceil(vector.length / 2)) : vector;
}

/** `base64`: 32-bit floats, the low byte first; the SDK asks for it unless it is told not to. */
function written(vector: Float32Array, base64: boolean): string | number[] {
  if (!base64) return [...vector];
  const bytes = Buffer.alloc(vector.length * 4);
  vector.forEach((value, index) => {
    bytes.writeFloatLE(value, index * 4);
  });
  return bytes.toString('base64');
}
