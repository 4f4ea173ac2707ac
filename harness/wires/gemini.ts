// Google's generateContent and streamGenerateContent: the Gemini API, and Gemini on Vertex AI.
// @see https://ai.google.dev/api/generate-content
import { commentFrame, frameOf } from './frame.ts';
import { geminiErrorFrames, geminiReject } from './gemini-error.ts';
import { geminiFrames } from './gemini-frames.ts';
import { geminiHeaders } from './gemini-headers.ts';
import { geminiObjection } from './gemini-objection.ts';
import { classifyGemini, geminiRead } from './gemini-read.ts';
import { contentsOf, either, geminiTraits, generationConfig, partsOf } from './gemini-request.ts';
import { number, record, records, text } from './json.ts';
import { bearerOf, bodyOf, pathOf } from './request.ts';
import type { Asked, RawRequest, Turn, Wire } from './wire.ts';

type Json = Record<string, unknown>;

export const gemini: Wire = {
  name: 'gemini',
  describe: 'Google Gemini: POST .../models/MODEL:generateContent or :streamGenerateContent',
  decode,
  traits: geminiTraits,
  objection: geminiObjection,
  frames: geminiFrames,
  headers: geminiHeaders,
  reject: geminiReject,
  errorFrames: geminiErrorFrames,
  // White space between elements is all that a JSON array has to say nothing.
  keepalive: (_, asked) =>
    asked.array ? frameOf(' ', 'keepalive', 0, false, 'ping') : commentFrame('keep-alive'),
  classify: classifyGemini,
  read: geminiRead,
};

const path = /\/(?:models|tunedModels|endpoints)\/([^/:]+):(g|streamG)enerateContent$/;

function decode(request: RawRequest): Asked | null {
  if (request.method !== 'POST') return null;
  const found = path.exec(pathOf(request.url));
  if (found === null) return null;
  const [, model = '', method] = found;
  const body = bodyOf(request);
  const query = queryOf(request.url);
  const stream = method === 'streamG';
  const array = stream && query.get('alt') !== 'sse';
  const form = array ? 'array' : stream ? 'stream' : 'whole';
  return {
    wire: 'gemini',
    model: decoded(model),
    stream,
    ...(array ? { array } : {}),
    turns: turnsOf(body),
    key: request.header('x-goog-api-key') || query.get('key') || bearerOf(request),
    maxTokens: number(either(generationConfig(body), 'maxOutputTokens')),
    tools: records(body.tools).flatMap(toolNames),
    variant: isVertexPath(request.url) ? `${form}+vertex` : form,
    body,
    version: /\/(v\d\w*)\//.exec(pathOf(request.url))?.[1] ?? null,
  };
}

function queryOf(url: string): URLSearchParams {
  const cut = url.indexOf('?');
  return new URLSearchParams(cut < 0 ? '' : url.slice(cut + 1).replace(/#.*$/, ''));
}

/** On Vertex AI models belong to publishers and projects. */
function isVertexPath(url: string): boolean {
  return /\/(?:publishers|projects)\//.test(pathOf(url));
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

function turnsOf(body: Json): Turn[] {
  const turns: Turn[] = [];
  const system = spokenIn(either(body, 'systemInstruction'));
  if (system !== '') turns.push({ role: 'system', text: system });
  for (const content of contentsOf(body)) {
    const results = resultsIn(content);
    turns.push(...results.map((result): Turn => ({ role: 'tool', text: result })));
    const said = spokenIn(content);
    // A turn that only brings results of functions says nothing itself.
    if (said === '' && results.length > 0) continue;
    turns.push({ role: content.role === 'model' ? 'assistant' : 'user', text: said });
  }
  return turns;
}

/** Thoughts of the history are not said. */
function spokenIn(content: unknown): string {
  if (typeof content === 'string') return content;
  return partsOf(content)
    .filter(({ thought }) => thought !== true)
    .map((part) => text(part.text))
    .filter((said) => said !== '')
    .join('\n');
}

function resultsIn(content: Json): string[] {
  return partsOf(content).flatMap((part) => {
    const result = record(either(part, 'functionResponse'));
    return result ? [JSON.stringify(result.response ?? {})] : [];
  });
}

/** Names of functions; tools of Google's own have the name of their member. */
function toolNames(tool: Json): string[] {
  const functions = either(tool, 'functionDeclarations');
  if (functions !== undefined) return records(functions).map(({ name }) => text(name));
  return Object.keys(tool);
}
