// One attempt on Gemini with Google's own client, for planted chains: the reference chain has no
// such target. Without tools. Errors are told as failure.ts reads them, by fields and never by
// words.
import { ApiError, FinishReason, type GenerateContentResponse, GoogleGenAI } from '@google/genai';
import { z } from 'zod';
import { BadAnswer, InBandError } from '../../../harness/chains/attempt-error.ts';
import type { Ending, Part, Target, TargetRequest } from '../../../harness/chains/target.ts';
import { turnsOf } from '../../../harness/chains/target.ts';

export function geminiTarget(name: string, apiKey: string): Target {
  const { fetch } = globalThis;
  const model = name.slice(name.indexOf('/') + 1);
  return {
    name,
    credential: apiKey,
    async *ask(request, abortSignal) {
      const seen = Promise.withResolvers<void>();
      const watched: typeof fetch = async (input, init) => {
        const response = await fetch(input, init);
        if (response.ok) seen.resolve();
        // Of a body at once, the client hands on an error as an answer without candidates.
        if (response.ok && !request.stream) throwError(await response.clone().text());
        return response;
      };
      const { models } = new GoogleGenAI({ apiKey, httpOptions: { fetch: watched } });
      const asked = { model, ...askedOf(request), config: { ...configOf(request), abortSignal } };
      let begun = false;
      try {
        const sent = request.stream
          ? models.generateContentStream(asked)
          : models.generateContent(asked);
        await Promise.race([seen.promise, sent]);
        begun = true;
        yield { kind: 'headers' };
        const answer = await sent;
        if (Symbol.asyncIterator in answer) yield* streamParts(answer);
        else yield* partsOf(answer, true);
      } catch (error) {
        throw toldBy(error, begun);
      }
    },
  };
}

function askedOf(request: TargetRequest) {
  const turns = turnsOf(request, () => []);
  return {
    contents: turns.map(({ role, content }) => ({
      role: role === 'user' ? 'user' : 'model',
      parts: [{ text: content }],
    })),
  };
}

function configOf({ system, schema, maxTokens }: TargetRequest) {
  return {
    maxOutputTokens: maxTokens,
    ...(system === null ? {} : { systemInstruction: system }),
    ...(schema === null
      ? {}
      : { responseMimeType: 'application/json', responseJsonSchema: schema }),
  };
}

async function* streamParts(chunks: AsyncIterable<GenerateContentResponse>): AsyncGenerator<Part> {
  for await (const chunk of chunks) yield* partsOf(chunk, false);
}

function* partsOf(response: GenerateContentResponse, whole: boolean): Generator<Part> {
  const { promptFeedback, candidates, usageMetadata } = response;
  if (usageMetadata) {
    const { promptTokenCount, candidatesTokenCount, thoughtsTokenCount } = usageMetadata;
    const output = (candidatesTokenCount ?? 0) + (thoughtsTokenCount ?? 0);
    yield { kind: 'usage', usage: { input: promptTokenCount ?? 0, output } };
  }
  const [candidate] = candidates ?? [];
  if (whole && !candidate && !promptFeedback) throw new BadAnswer('malformed', 'no candidate');
  const parts = candidate?.content?.parts ?? [];
  const text = parts.map((part) => (part.thought ? '' : (part.text ?? ''))).join('');
  if (text !== '') yield { kind: 'text', text };
  if (promptFeedback?.blockReason) {
    const words = promptFeedback.blockReasonMessage;
    if (words) yield { kind: 'text', text: words };
    yield { kind: 'end', ending: 'refusal' };
  } else if (candidate?.finishReason) {
    yield { kind: 'end', ending: endingOf(candidate.finishReason) };
  }
}

function endingOf(reason: FinishReason): Ending {
  if (reason === FinishReason.STOP) return 'stop';
  if (reason === FinishReason.MAX_TOKENS) return 'length';
  if (refusals.has(reason)) return 'refusal';
  throw new BadAnswer('malformed', `the answer ended with finishReason ${reason}`);
}

const refusals: ReadonlySet<FinishReason> = new Set([
  FinishReason.SAFETY,
  FinishReason.RECITATION,
  FinishReason.BLOCKLIST,
  FinishReason.PROHIBITED_CONTENT,
  FinishReason.SPII,
]);

/** The error with status, code and hint where other SDKs have them: Google's has only a text. */
function toldBy(error: unknown, begun: boolean): unknown {
  if (!(error instanceof ApiError)) return malformed(error) ?? error;
  const { status, message } = error;
  const details = bodyIn(message)?.error?.details ?? [];
  const code = codeOf(status, details);
  if (begun) return new InBandError({ message, code: code ?? status });
  const delay = details.map(({ retryDelay }) => retryDelay).find(Boolean);
  const headers = new Headers(delay ? { 'retry-after': delay.replace(/s$/, '') } : {});
  return Object.assign(new Error(message, { cause: error }), { status, code, headers });
}

function throwError(text: string): void {
  const error = bodyIn(text)?.error;
  if (!error) return;
  const { message, code = 500, details = [] } = error;
  throw new InBandError({ message, code: codeOf(code, details) ?? code });
}

/** What the client throws, without a class of its own, at a body that it cannot read. */
function malformed(error: unknown): BadAnswer | null {
  if (!(error instanceof Error) || error.constructor !== Error || error.cause) return null;
  return new BadAnswer('malformed', error.message);
}

const body = z.object({
  error: z
    .object({
      message: z.string().optional(),
      code: z.number().optional(),
      details: z
        .array(
          z.object({
            reason: z.string().optional(),
            retryDelay: z.string().optional(),
            violations: z.array(z.object({ quotaId: z.string().optional() })).optional(),
          }),
        )
        .optional(),
    })
    .optional(),
});

type Body = z.infer<typeof body>;
type Details = NonNullable<NonNullable<Body['error']>['details']>;

/** Of an error inside a stream, words of the client's stand before the body. */
function bodyIn(message: string): Body | null {
  try {
    const read = body.safeParse(JSON.parse(message.slice(message.indexOf('{'))));
    // Errors of streams are JSON by another name, which the client takes for plain text.
    const text = read.data?.error?.message;
    return (text?.startsWith('{') ? bodyIn(text) : null) ?? read.data ?? null;
  } catch {
    return null;
  }
}

/** The codes that a status alone does not tell: a quota of the day, a key that is none. */
function codeOf(status: number, details: Details): string | null {
  if (details.some(({ reason }) => reason === 'API_KEY_INVALID')) return 'invalid_api_key';
  const violations = details.flatMap((detail) => detail.violations ?? []);
  const daily = violations.some(({ quotaId }) => quotaId?.includes('PerDay'));
  return status === 429 && daily ? 'insufficient_quota' : null;
}
