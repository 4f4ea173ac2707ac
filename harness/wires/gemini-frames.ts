// A complete answer as generateContent sends it: one JSON body, or chunks that look like it. The
// last chunk has the finish reason; there is no event behind it.
import type { FramePart, Quirks } from '../faults/effect.ts';
import { parsed } from '../parsed-json.ts';
import { piecesOf, tokensOf } from '../upstream/tokens.ts';
import { frameOf } from './frame.ts';
import { isVertex } from './gemini-request.ts';
import { answeredAt, letterId } from './ids.ts';
import { record } from './json.ts';
import type { Answer, Asked, Frame, FrameRole, ToolCall } from './wire.ts';

type Json = Record<string, unknown>;

export function geminiFrames(answer: Answer, asked: Asked, quirks: Quirks = {}): Frame[] {
  return asked.stream ? streamed(answer, asked, quirks) : [whole(answer, asked, quirks)];
}

function whole(answer: Answer, asked: Asked, quirks: Quirks): Frame {
  const { text, reasoning } = answer;
  const parts: Json[] = [
    ...(reasoning === '' ? [] : [thought(reasoning)]),
    ...(text === '' ? [] : [{ text }]),
    ...callParts(answer),
  ];
  if (parts.length === 0) parts.push({ text });
  const early = quirks.usage === 'early' ? 'missing' : quirks.usage;
  const body = {
    ...ending(answer, parts, quirks),
    ...usageOf(answer, tokensIn(answer), early),
    ...versionOf(answer, asked, quirks),
  };
  return frameOf(pretty(body), 'whole', text.length, true);
}

function streamed(answer: Answer, asked: Asked, quirks: Quirks): Frame[] {
  const all = tokensIn(answer);
  const said: Tokens = { thoughts: 0, spoken: 0 };
  const version = versionOf(answer, asked, quirks);
  const frames: Frame[] = [];
  const add = (body: Json, role: FrameRole, part: FramePart, chars = 0, marker = false): void => {
    const usage = quirks.usage === 'early' && frames.length > 0 ? 'missing' : quirks.usage;
    const counted = marker || usage === 'early' ? all : said;
    const line = { ...body, ...usageOf(answer, counted, usage), ...version };
    const written = inStream(line, asked, frames.length === 0);
    frames.push(frameOf(written, role, chars, marker, part));
  };
  const chunk = (part: Json, role: FrameRole, tag: FramePart, chars = 0): void => {
    if (role === 'reasoning') said.thoughts = Math.min(all.thoughts, said.thoughts + 1);
    else said.spoken = Math.min(all.spoken, said.spoken + 1);
    add({ candidates: [{ content: contentOf([part]), index: 0 }] }, role, tag, chars);
  };
  for (const piece of piecesOf(answer.reasoning)) chunk(thought(piece), 'reasoning', 'reasoning');
  if (quirks.emptyDelta) chunk({ text: '' }, 'preamble', 'empty');
  for (const text of piecesOf(answer.text)) chunk({ text }, 'payload', 'text', text.length);
  for (const part of callParts(answer)) chunk(part, 'payload', 'arguments');
  const last = ending(answer, [{ text: '' }], quirks);
  const ends = isBlock(last) || (Array.isArray(last.candidates) && last.candidates.length > 0);
  add(last, 'closing', ends ? 'finish' : 'usage', 0, ends);
  if (asked.array) frames.push(frameOf(']', 'closing', 0, false, 'end'));
  return frames;
}

/** One element of a stream, as events or in an array. */
export function inStream(line: Json, asked: Asked, first: boolean): string {
  if (!asked.array) return `data: ${JSON.stringify(line)}\r\n\r\n`;
  return `${first ? '[' : ',\n'}${pretty(line)}`;
}

/** As Google writes JSON that is no event. */
export function pretty(body: Json): string {
  return `${JSON.stringify(body, null, 2)}\n`;
}

/** A prompt that is blocked has no candidate. */
function ending(answer: Answer, parts: Json[], quirks: Quirks): Json {
  const { text, toolCalls, reasoning } = answer;
  const silent = text === '' && toolCalls.length === 0;
  if (quirks.content === 'no-choices' && silent) return {};
  const refused = answer.refusal !== null || answer.finish === 'refusal';
  if (refused && silent && reasoning === '' && quirks.finish === undefined) {
    const words = answer.refusal ? { blockReasonMessage: answer.refusal } : {};
    return { promptFeedback: { blockReason: 'PROHIBITED_CONTENT', ...words } };
  }
  const filtered = answer.finish === 'content-filter';
  const bare = silent && (filtered || quirks.content === 'null');
  const content = bare && reasoning === '' ? {} : contentOf(parts);
  const candidate = {
    content,
    finishReason: quirks.finish ?? finishReason(answer),
    index: 0,
    ...messageOf(answer, refused),
    ...(filtered ? { safetyRatings: [blocked] } : {}),
  };
  return { candidates: [candidate] };
}

function isBlock(body: Json): boolean {
  return body.promptFeedback !== undefined;
}

const blocked = {
  category: 'HARM_CATEGORY_DANGEROUS_CONTENT',
  probability: 'HIGH',
  blocked: true,
};

function contentOf(parts: Json[]): Json {
  return { parts, role: 'model' };
}

function messageOf({ refusal, finish }: Answer, refused: boolean): Json {
  if (refused) return refusal ? { finishMessage: refusal } : {};
  return finish === 'tool-calls' ? { finishMessage: 'Model generated function call(s).' } : {};
}

/** There is no refusal on this wire: the answer is one that must not be given. */
function finishReason({ finish, refusal }: Answer): string {
  if (refusal !== null) return 'PROHIBITED_CONTENT';
  switch (finish) {
    case 'stop':
    case 'tool-calls':
      return 'STOP';
    case 'length':
      return 'MAX_TOKENS';
    case 'content-filter':
      return 'SAFETY';
    case 'refusal':
      return 'PROHIBITED_CONTENT';
    default:
      return finish satisfies never;
  }
}

function thought(text: string): Json {
  return { text, thought: true };
}

/** The first call of a model that thinks is signed. */
function callParts(answer: Answer): Json[] {
  return answer.toolCalls.map((call, index) => {
    const signs = index === 0 && answer.reasoning !== '';
    const signature = signs ? { thoughtSignature: letterId('', answer.id, 64) } : {};
    return { functionCall: callOf(call), ...signature };
  });
}

/** Arguments as an object; what is none (an answer cut at its length) has no place in it. */
function callOf({ id, name, arguments: text }: ToolCall): Json {
  const args = record(parsed(text)) ?? {};
  return { ...(id === '' ? {} : { id }), name, args };
}

interface Tokens {
  thoughts: number;
  spoken: number;
}

/** Thoughts are counted apart here. */
function tokensIn({ reasoning, usage }: Answer): Tokens {
  const thoughts = Math.min(usage.output, tokensOf(reasoning));
  return { thoughts, spoken: usage.output - thoughts };
}

function usageOf({ usage }: Answer, { thoughts, spoken }: Tokens, quirk: Quirks['usage']): Json {
  if (quirk === 'missing') return {};
  if (quirk === 'null') return { usageMetadata: null };
  const metadata = {
    promptTokenCount: usage.input,
    ...(spoken > 0 ? { candidatesTokenCount: spoken } : {}),
    totalTokenCount: usage.input + spoken + thoughts,
    promptTokensDetails: [{ modality: 'TEXT', tokenCount: usage.input }],
    ...(thoughts > 0 ? { thoughtsTokenCount: thoughts } : {}),
  };
  return { usageMetadata: metadata };
}

function versionOf(answer: Answer, asked: Asked, { model }: Quirks): Json {
  const created = new Date(answeredAt * 1000).toISOString().replace('.000', '.000000');
  return {
    modelVersion: model ?? asked.model,
    ...(isVertex(asked) ? { createTime: created } : {}),
    responseId: letterId('', answer.id, 23),
  };
}
