// A complete answer as chat completions send it: one JSON body, or chunks of one token each.
import type { Quirks } from '../faults/effect.ts';
import { piecesOf } from '../upstream/tokens.ts';
import { frameOf } from './frame.ts';
import { Chunks, wantsUsage } from './openai-chat-chunks.ts';
import {
  callHead,
  chatBody,
  chatHead,
  finishReason,
  hasNoChoice,
  hasNoContent,
  usageOf,
} from './openai-chat-object.ts';
import { refusalText } from './spoken.ts';
import type { Answer, Asked, Frame } from './wire.ts';

export function chatFrames(answer: Answer, asked: Asked, quirks: Quirks = {}): Frame[] {
  const model = quirks.model ?? asked.model;
  if (asked.stream) return streamed(answer, asked, model, quirks);
  const head = chatHead(answer.id, model, 'chat.completion');
  const chars = answer.text.length + (refusalText(answer)?.length ?? 0);
  return [frameOf(JSON.stringify(chatBody(head, answer, quirks)), 'whole', chars, true)];
}

function streamed(answer: Answer, asked: Asked, model: string, quirks: Quirks): Frame[] {
  const told = wantsUsage(asked) && quirks.usage !== 'missing';
  const early = told && quirks.usage === 'early';
  const usage = usageOf(answer, quirks);
  const head = chatHead(answer.id, model, 'chat.completion.chunk');
  const chunks = new Chunks(head, asked, told, early ? usage : null);
  if (hasNoChoice(answer, quirks)) chunks.addNone();
  else {
    speak(chunks, answer, quirks);
    chunks.finish(finishReason(answer, quirks));
  }
  if (told && !early) chunks.usage(usage);
  chunks.done();
  return chunks.frames;
}

function speak(chunks: Chunks, answer: Answer, quirks: Quirks): void {
  const { text, reasoning, toolCalls } = answer;
  const refusal = refusalText(answer);
  const opening = { role: 'assistant', content: hasNoContent(answer, quirks) ? null : '' };
  const [first] = toolCalls;
  // A single call that nothing stands before is named in the first chunk.
  const only = text === '' && reasoning === '' && toolCalls.length === 1 && !quirks.emptyDelta;
  if (only && first) {
    const tool_calls = [callHead(answer, first, 0)];
    chunks.add({ ...opening, tool_calls, refusal: null }, 'preamble', 'block-open');
  } else {
    const refuses = text === '' && refusal !== null;
    chunks.add({ ...opening, refusal: refuses ? '' : null }, 'preamble', 'open');
  }
  for (const piece of piecesOf(reasoning)) {
    chunks.add({ reasoning_content: piece }, 'reasoning', 'reasoning', piece, 0);
  }
  if (quirks.emptyDelta) chunks.add({ content: '' }, 'preamble', 'empty');
  for (const piece of piecesOf(text)) chunks.add({ content: piece }, 'payload', 'text', piece);
  for (const piece of piecesOf(refusal ?? '')) {
    chunks.add({ refusal: piece }, 'payload', 'refusal', piece);
  }
  for (const [index, call] of toolCalls.entries()) {
    if (!only) {
      chunks.add({ tool_calls: [callHead(answer, call, index)] }, 'preamble', 'block-open');
    }
    for (const piece of piecesOf(call.arguments)) {
      const tool_calls = [{ index, function: { arguments: piece } }];
      chunks.add({ tool_calls }, 'payload', 'arguments', piece, 0);
    }
  }
}
