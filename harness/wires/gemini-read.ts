// generateContent as recorded: what its chunks are, and the answer that they add up to.
import type { FramePart } from '../faults/effect.ts';
import { parsed } from '../parsed-json.ts';
import { either, partsOf } from './gemini-request.ts';
import { number, record, records, text } from './json.ts';
import { estimatedUsage } from './spoken.ts';
import { parseSse } from './sse.ts';
import type { Answer, FrameRole, ToolCall, Usage, Wire } from './wire.ts';

type Json = Record<string, unknown>;

/** Who asks for enums as numbers gets these; the numbers of Google's own definition. */
const numbered = ['', 'STOP', 'MAX_TOKENS', 'SAFETY', 'RECITATION', 'OTHER'];

export const classifyGemini: Wire['classify'] = ({ data }) => {
  const members = record(parsed(data));
  if (data === '') return { role: 'keepalive', chars: 0, marker: false };
  if (members === null || record(members.error)) return { role: 'error', chars: 0, marker: false };
  const { said, thoughts, calls } = partsIn(members);
  const marker = finishOf(members) !== '' || blockOf(members) !== '';
  const tag = (role: FrameRole, part: FramePart | null) => {
    const own = part === null ? {} : { part };
    return { role, chars: said.length, marker, ...own };
  };
  if (said !== '' || calls.length > 0) {
    const mixed = marker || thoughts !== '' || (said !== '' && calls.length > 0);
    return tag('payload', mixed ? null : said === '' ? 'arguments' : 'text');
  }
  if (thoughts !== '') return tag('reasoning', marker ? null : 'reasoning');
  if (marker) return tag('closing', 'finish');
  return candidateOf(members) ? tag('preamble', 'empty') : tag('closing', 'usage');
};

/** Null for errors and for streams that stop before a finish reason. */
export function geminiRead(body: string, sse: boolean): Omit<Answer, 'id'> | null {
  if (sse) return fromEvents(body);
  const value = parsed(body);
  if (Array.isArray(value)) return fromChunks(records(value));
  const members = record(value);
  const known = ['candidates', 'promptFeedback', 'usageMetadata'];
  if (members === null || members.error || !known.some((name) => name in members)) return null;
  return answerOf([members]);
}

function fromEvents(body: string): Omit<Answer, 'id'> | null {
  const chunks: Json[] = [];
  for (const { data } of parseSse(body)) {
    const members = record(parsed(data));
    if (members === null && data !== '') return null;
    if (members) chunks.push(members);
  }
  return fromChunks(chunks);
}

function fromChunks(chunks: Json[]): Omit<Answer, 'id'> | null {
  if (chunks.some(({ error }) => error)) return null;
  const complete = chunks.some((chunk) => finishOf(chunk) !== '' || blockOf(chunk) !== '');
  return complete ? answerOf(chunks) : null;
}

function answerOf(chunks: Json[]): Omit<Answer, 'id'> {
  let said = '';
  let reasoning = '';
  let finish = '';
  let message = '';
  let usage: Usage | null = null;
  const toolCalls: ToolCall[] = [];
  for (const chunk of chunks) {
    const found = partsIn(chunk);
    said += found.said;
    reasoning += found.thoughts;
    toolCalls.push(...found.calls.map(callOf));
    const block = record(either(chunk, 'promptFeedback'));
    finish = finishOf(chunk) || blockOf(chunk) || finish;
    message =
      text(either(block, 'blockReasonMessage')) ||
      text(either(candidateOf(chunk), 'finishMessage')) ||
      message;
    usage = usageIn(chunk) ?? usage;
  }
  const kind = kindOf(finish, toolCalls.length > 0);
  const refusal = kind === 'refusal' ? message : null;
  const answer = { text: said, reasoning, toolCalls, refusal };
  return { ...answer, finish: kind, usage: usage ?? estimatedUsage(answer) };
}

interface Parts {
  said: string;
  thoughts: string;
  calls: Json[];
}

function partsIn(chunk: Json): Parts {
  const found: Parts = { said: '', thoughts: '', calls: [] };
  for (const part of partsOf(candidateOf(chunk)?.content)) {
    if (part.thought === true) found.thoughts += text(part.text);
    else found.said += text(part.text);
    const call = record(either(part, 'functionCall'));
    if (call) found.calls.push(call);
  }
  return found;
}

function candidateOf(chunk: Json): Json | null {
  return records(chunk.candidates)[0] ?? null;
}

function callOf(call: Json): ToolCall {
  const args = JSON.stringify(record(call.args) ?? {});
  return { id: text(call.id), name: text(call.name), arguments: args };
}

function finishOf(chunk: Json): string {
  const reason = either(candidateOf(chunk), 'finishReason');
  return typeof reason === 'number' ? (numbered[reason] ?? 'OTHER') : text(reason);
}

function blockOf(chunk: Json): string {
  const reason = text(either(record(either(chunk, 'promptFeedback')), 'blockReason'));
  // Of a prompt, `OTHER` is a block; of an answer it is an end like others.
  return reason === 'OTHER' ? 'SAFETY' : reason;
}

const filters = new Set([
  'SAFETY',
  'RECITATION',
  'LANGUAGE',
  'BLOCKLIST',
  'SPII',
  'IMAGE_SAFETY',
  'IMAGE_PROHIBITED_CONTENT',
  'IMAGE_RECITATION',
  'MODEL_ARMOR',
  'JAILBREAK',
]);

function kindOf(finish: string, calls: boolean): Answer['finish'] {
  if (finish === 'PROHIBITED_CONTENT') return 'refusal';
  if (finish === 'MAX_TOKENS') return 'length';
  if (filters.has(finish)) return 'content-filter';
  return calls ? 'tool-calls' : 'stop';
}

/** Google counts thoughts apart from what was said. */
function usageIn(chunk: Json): Usage | null {
  const usage = record(either(chunk, 'usageMetadata'));
  const count = (name: string): number | null => number(either(usage, name));
  const input = count('promptTokenCount');
  if (input === null && count('totalTokenCount') === null) return null;
  const output = (count('candidatesTokenCount') ?? 0) + (count('thoughtsTokenCount') ?? 0);
  return { input: input ?? 0, output, estimated: false };
}
