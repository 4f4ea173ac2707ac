// What goes wrong inside a 200 of chat completions: errors in their forms, and streams that are
// kept alive by chunks without content.
import type { InBandForm, Keepalive } from '../faults/effect.ts';
import type { Rejection } from '../faults/rejection.ts';
import { parsed } from '../parsed-json.ts';
import { commentFrame, frameOf } from './frame.ts';
import { record } from './json.ts';
import { Chunks, errorFinish, wantsUsage } from './openai-chat-chunks.ts';
import { chatBody, chatHead, type Json, usageOf } from './openai-chat-object.ts';
import { chatRead } from './openai-chat-read.ts';
import { openAiError } from './openai-error.ts';
import { joined, parseSse } from './sse.ts';
import type { Answer, Asked, Frame, Stamp } from './wire.ts';

export function chatErrorFrames(
  rejection: Rejection,
  asked: Asked,
  stamp: Stamp,
  sent: readonly Frame[] = [],
  form: InBandForm = 'own',
): Frame[] {
  const error = openAiError(rejection, asked, stamp);
  const name = `attempt ${stamp.attempt}`;
  switch (form) {
    case 'own':
    case 'failed':
    case 'incomplete': {
      const body = JSON.stringify({ error });
      return [frameOf(asked.stream ? `data: ${body}\n\n` : body, 'error')];
    }
    case 'chunk': {
      const told = { error: { code: error.code ?? error.type, message: error.message } };
      if (!asked.stream) return [broken(sent, asked, name, told)];
      const head = headIn(sent) ?? chatHead(name, asked.model, 'chat.completion.chunk');
      const choices = [{ index: 0, delta: { content: '' }, finish_reason: errorFinish }];
      return [frameOf(`data: ${JSON.stringify({ ...head, ...told, choices })}\n\n`, 'error')];
    }
    case 'finish-reason':
      return asked.stream ? ended(sent, asked, name) : [broken(sent, asked, name, {})];
    default:
      return form satisfies never;
  }
}

/** What was said until then, whose finish reason is an error, and whose usage nobody counted. */
function broken(sent: readonly Frame[], asked: Asked, name: string, more: Json): Frame {
  const answer = saidIn(sent, name);
  const own = headIn(sent) ?? chatHead(name, asked.model, '');
  const head = { ...own, object: 'chat.completion', ...more };
  const body = chatBody(head, answer, { finish: errorFinish, usage: 'null' });
  const chars = answer.text.length + (answer.refusal?.length ?? 0);
  return frameOf(JSON.stringify(body), 'error', chars);
}

/** An ordinary end but for its reason. */
function ended(sent: readonly Frame[], asked: Asked, name: string): Frame[] {
  const head = headIn(sent) ?? chatHead(name, asked.model, 'chat.completion.chunk');
  const chunks = new Chunks(head, asked);
  if (sent.length === 0) {
    chunks.add({ role: 'assistant', content: '', refusal: null }, 'preamble', 'open');
  }
  chunks.finish(errorFinish);
  if (wantsUsage(asked)) chunks.usage(usageOf(saidIn(sent, name), { usage: 'null' }));
  chunks.done();
  return chunks.frames;
}

export function chatKeepalive(
  form: Keepalive['form'],
  asked: Asked,
  answer: Answer,
  sent: readonly Frame[],
): Frame {
  if (form === 'empty-delta') {
    const head = headIn(sent) ?? chatHead(answer.id, asked.model, 'chat.completion.chunk');
    const chunks = new Chunks(head, asked);
    chunks.add({ content: '' }, 'keepalive', 'empty');
    const [frame] = chunks.frames;
    if (frame) return frame;
  }
  return commentFrame('keep-alive');
}

/** What the chunks of a stream that has begun repeat. */
function headIn(sent: readonly Frame[]): Json | null {
  for (const { bytes } of sent) {
    const [event] = parseSse(new TextDecoder().decode(bytes));
    const chunk = record(parsed(event?.data ?? ''));
    if (chunk === null || typeof chunk.id !== 'string') continue;
    const { choices: _choices, usage: _usage, obfuscation: _filler, ...head } = chunk;
    return head;
  }
  return null;
}

/** The answer so far. */
function saidIn(sent: readonly Frame[], id: string): Answer {
  const text = new TextDecoder().decode(joined(sent.map(({ bytes }) => bytes)));
  const said = chatRead(`${text}\n\ndata: [DONE]\n\n`, true);
  if (said !== null) return { id, ...said };
  const usage = { input: 0, output: 0, estimated: true };
  return { id, text: '', reasoning: '', toolCalls: [], refusal: null, finish: 'stop', usage };
}
