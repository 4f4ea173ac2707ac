import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import type { Quirks } from '../../harness/faults/effect.ts';
import { reasons } from '../../harness/faults/rejection.ts';
import { openaiEmbeddings } from '../../harness/wires/openai-embeddings.ts';
import type { Asked, Reply } from '../../harness/wires/wire.ts';
import { answered, askedOf, errorIn, fetchOf, headerOf, rawRequest, stamp } from './served.ts';

const wire = openaiEmbeddings;
const url = 'https://api.openai.com/v1/embeddings';
const small = 'text-embedding-3-small';
type Wanted = OpenAI.EmbeddingCreateParams;

/** What the provider would do: object, else answer with vectors. */
function served(asked: Asked, quirks: Quirks = {}): Reply {
  const objection = wire.objection(asked);
  if (objection) return wire.reject(objection, asked, stamp);
  const made = wire.make?.(asked);
  if (!made) throw new Error('nothing was made');
  return answered(wire, asked, wire.frames(made, asked, quirks));
}

function client(respond: (asked: Asked) => Reply = served): OpenAI {
  const fetch = fetchOf(wire, respond);
  return new OpenAI({ apiKey: 'sk-test', baseURL: 'http://llm.test/v1', fetch, maxRetries: 0 });
}

async function embedded(wanted: Wanted): Promise<number[][]> {
  const { data } = await client().embeddings.create(wanted);
  return data.map(({ embedding }) => embedding);
}

const lengthOf = (vector: number[]): number => Math.hypot(...vector);

describe('embeddings, through OpenAI’s SDK', () => {
  it('come as base64 by default and as floats on demand, with the same numbers', async () => {
    const seen: Asked[] = [];
    const embeddings = client((asked) => {
      seen.push(asked);
      return served(asked);
    }).embeddings;
    const input = ['Where is my parcel?', 'How do I send it back?'];
    const base64 = await embeddings.create({ model: small, input });
    const float = await embeddings.create({ model: small, input, encoding_format: 'float' });
    expect(seen.map(({ body }) => body.encoding_format)).toEqual(['base64', 'float']);
    expect(base64.data.map(({ embedding }) => [...embedding])).toEqual(
      float.data.map(({ embedding }) => embedding),
    );
    expect(float.data.map(({ index, object }) => [index, object])).toEqual([
      [0, 'embedding'],
      [1, 'embedding'],
    ]);
    expect(float).toMatchObject({ object: 'list', model: small });
    expect(float.usage.prompt_tokens).toBeGreaterThan(8);
    expect(float.usage.total_tokens).toBe(float.usage.prompt_tokens);
  });

  it.each([
    [small, 1536],
    ['text-embedding-3-large', 3072],
    ['text-embedding-ada-002', 1536],
    ['some-open-model', 768],
  ])('%s is %i wide', async (model, width) => {
    const [vector = []] = await embedded({ model, input: 'Where is my parcel?' });
    expect(vector).toHaveLength(width);
    expect(lengthOf(vector)).toBeCloseTo(1, 5);
  });

  it('are cut to the dimensions that are asked for, and of length 1 again', async () => {
    const input = 'Where is my parcel?';
    const [whole = []] = await embedded({ model: small, input });
    const [cut = []] = await embedded({ model: small, input, dimensions: 256 });
    expect(cut).toHaveLength(256);
    expect(lengthOf(cut)).toBeCloseTo(1, 5);
    const rest = lengthOf(whole.slice(0, 256));
    cut.forEach((value, index) => {
      expect(value).toBeCloseTo((whole[index] ?? 0) / rest, 5);
    });
  });

  it('are of tokens where tokens are sent, which are counted and not estimated', async () => {
    const tokens = [9906, 1917, 0];
    const { usage } = await client().embeddings.create({ model: small, input: tokens });
    expect(usage.prompt_tokens).toBe(3);
    const one = await embedded({ model: small, input: tokens });
    const many = await embedded({ model: small, input: [tokens, [1917]] });
    expect(one).toHaveLength(1);
    expect(many).toHaveLength(2);
    expect(many[0]).toEqual(one[0]);
    const asked = askedOf(wire, url, { model: small, input: [tokens, [1917]] });
    expect(wire.make?.(asked).usage).toEqual({ input: 4, output: 0, estimated: false });
    expect(wire.traits(asked)).toMatchObject({ inputTokens: 4, parameters: ['model', 'input'] });
  });
});

describe('a request for embeddings', () => {
  const refused = async (body: object): Promise<unknown> =>
    client()
      .embeddings.create({ model: small, ...body } as Wanted)
      .catch((error: unknown) => error);

  it.each([
    ['no input', {}, /Missing required parameter: 'input'/],
    ['an empty text', { input: '' }, /'\$\.input' is invalid/],
    ['an empty text among others', { input: ['a', ''] }, /'\$\.input' is invalid/],
    ['no text at all', { input: [] }, /'\$\.input' is invalid/],
    ['2,049 texts', { input: new Array(2049).fill('a') }, /'\$\.input' is invalid/],
    ['texts and tokens', { input: ['a', [1]] }, /'\$\.input' is invalid/],
    ['half a token', { input: [1.5] }, /'\$\.input' is invalid/],
    [
      'more dimensions than there are',
      { input: 'a', dimensions: 1537 },
      /less than or equal to 1536/,
    ],
    ['no dimension', { input: 'a', dimensions: 0 }, /at least 1/],
    [
      'another format',
      { input: 'a', encoding_format: 'int8' },
      /is not one of \['float', 'base64'\]/,
    ],
    [
      'dimensions of a model that cannot',
      { input: 'a', dimensions: 256, model: 'text-embedding-ada-002' },
      /does not support specifying dimensions/,
    ],
  ])('with %s is refused', async (_, body, message) => {
    const error = await refused(body);
    expect(error).toBeInstanceOf(OpenAI.BadRequestError);
    expect(error).toMatchObject({ message: expect.stringMatching(message) });
  });

  it('with 2,048 texts is not', async () => {
    const model = 'narrow';
    const vectors = await embedded({ model, input: new Array(2048).fill('a'), dimensions: 8 });
    expect(vectors).toHaveLength(2048);
  });

  it('is known by its path only, a deployment’s too', () => {
    const input = 'a';
    expect(wire.decode(rawRequest('http://x.test/v1/chat/completions', { input }))).toBeNull();
    const path = 'https://x.openai.azure.com/openai/deployments/my-embedder/embeddings';
    const asked = askedOf(wire, `${path}?api-version=1`, { input }, { 'api-key': 'k' });
    expect(asked).toMatchObject({ model: 'my-embedder', key: 'k', stream: false });
    const broken = askedOf(wire, url, '{"input": ');
    expect(wire.objection(broken)).toMatchObject({ reason: 'invalid-request' });
    expect(wire.objection({ ...asked, key: null })).toEqual({ reason: 'auth' });
  });

  it('may be anything without a fault of ours', () => {
    for (const input of [null, 7, {}, [null], [{}], [[]], [['a']], '\u{1f600}', '...']) {
      const asked = askedOf(wire, url, { model: 7, input, dimensions: 'x' });
      expect(() => [wire.make?.(asked), wire.traits(asked), wire.objection(asked)]).not.toThrow();
    }
  });
});

describe('what goes wrong with embeddings', () => {
  const asked = askedOf(wire, url, { model: small, input: 'a' });

  it.each(reasons)('a rejection has the class of its status: %s', async (reason) => {
    let status = 0;
    const embeddings = client((one) => {
      const reply = wire.reject({ reason }, one, stamp);
      status = reply.status;
      return reply;
    }).embeddings;
    const error = await embeddings.create({ model: small, input: 'a' }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(OpenAI.APIError);
    expect(error).toMatchObject({ status });
  });

  it('tells rate limits with successes and 429s, and no model with a 404', () => {
    const limited = wire.reject({ reason: 'rate-limit', hint: { retryAfter: '2' } }, asked, stamp);
    expect(headerOf(limited, 'x-ratelimit-remaining-requests')).toBe('0');
    expect(headerOf(limited, 'retry-after')).toBe('2');
    expect(headerOf(served(asked), 'x-ratelimit-limit-tokens')).toBe('200000');
    const unknown = wire.reject({ reason: 'not-found' }, asked, stamp);
    expect(unknown.status).toBe(404);
    expect(errorIn(unknown).error.code).toBe('model_not_found');
  });

  it('an answer may be empty, null, without numbers or of half the width', async () => {
    const odd = async (quirks: Quirks) => {
      const embeddings = client((one) => served(one, quirks)).embeddings;
      const { data } = await embeddings.create({
        model: small,
        input: 'a',
        encoding_format: 'float',
      });
      return data.map(({ embedding }) => embedding?.length ?? null);
    };
    expect(await odd({ content: 'no-choices' })).toEqual([]);
    expect(await odd({ content: 'null' })).toEqual([null]);
    expect(await odd({ vectors: 'empty' })).toEqual([0]);
    expect(await odd({ vectors: 'half' })).toEqual([768]);
  });

  it('an error inside a 200 is an answer without data', async () => {
    const embeddings = client((one) =>
      answered(wire, one, wire.errorFrames({ reason: 'overloaded' }, one, stamp)),
    ).embeddings;
    const wanted = { model: small, input: 'a', encoding_format: 'float' } as const;
    const got = await embeddings.create(wanted);
    expect(got.data).toBeUndefined();
  });
});
