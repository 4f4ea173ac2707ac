// Effects that compose with others, in words.
import type { AnswerChange, ComposingEffect, Quirks } from '../faults/effect.ts';
import type { Allowance } from '../faults/rejection.ts';
import { durationText, positionText } from '../scenario/units.ts';
import { oneLine } from './clean-text.ts';

export function composingText(effect: ComposingEffect): string {
  switch (effect.kind) {
    case 'pace':
      return paceText(effect);
    case 'answer':
      return `another answer: ${changeText(effect.change)}`;
    case 'quirk':
      return `odd response: ${quirksText(effect.quirks)}`;
    case 'omit':
      return omitText(effect);
    case 'bad-line': {
      const where = effect.instead ? 'in place of the event' : 'an extra line';
      return `invalid JSON at ${positionText(effect.at)}, ${where}`;
    }
    case 'rechunk':
      return readsText(effect);
    case 'limits':
      return `limits told: ${limitTexts(effect.limits)}`;
    case 'unread': {
      const lasting = effect.forMs === null ? 'for ever' : `for ${durationText(effect.forMs)}`;
      return `request unread ${lasting}`;
    }
    default:
      return effect satisfies never;
  }
}

function readsText(effect: Extract<ComposingEffect, { kind: 'rechunk' }>): string {
  if ('seams' in effect) return 'read in pieces, split inside lines and characters';
  if ('events' in effect) return `${effect.events} events a read`;
  return `read in pieces of ${effect.bytes} bytes`;
}

function omitText({ parts, behind }: Extract<ComposingEffect, { kind: 'omit' }>): string {
  const where = behind ? ` behind ${positionText(behind)}` : '';
  return `without its parts ${parts.join(', ')}${where}`;
}

function paceText(pace: Extract<ComposingEffect, { kind: 'pace' }>): string {
  const parts: string[] = [];
  if (pace.ttftMs !== undefined) parts.push(`first token after ${durationText(pace.ttftMs)}`);
  if (pace.ttftFactor !== undefined) parts.push(`first token ${pace.ttftFactor} times as late`);
  if (pace.tokensPerSecond !== undefined) parts.push(`${pace.tokensPerSecond} tokens/s`);
  if (pace.streamMs !== undefined) parts.push(`all of it in ${durationText(pace.streamMs)}`);
  return `slow: ${parts.join(', ')}`;
}

function changeText(change: AnswerChange): string {
  if (change.to === 'of') return `that of ${oneLine(change.target)}`;
  if (change.to === 'limited') return `its first ${change.tokens} tokens`;
  return change.to === 'reasoned' ? `after ${change.tokens} tokens of reasoning` : change.to;
}

function quirksText({ usage, model, finish, content, emptyDelta }: Quirks): string {
  const parts: string[] = [];
  if (usage !== undefined) parts.push(`usage ${usage}`);
  if (model !== undefined) parts.push(`names the model ${oneLine(model)}`);
  if (finish !== undefined) parts.push(`finish reason ${oneLine(finish)}`);
  if (content !== undefined) parts.push(`content ${content}`);
  if (emptyDelta) parts.push('an empty delta first');
  return parts.join(', ');
}

function limitTexts(limits: { requests?: Allowance; tokens?: Allowance }): string {
  return Object.entries(limits)
    .map(([what, { limit, remaining }]) => `${remaining} of ${limit} ${what} left`)
    .join(', ');
}
