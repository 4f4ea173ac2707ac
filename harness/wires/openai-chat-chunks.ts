// The chunks of one streamed chat completion: all alike but for their choice.
import type { FramePart } from '../faults/effect.ts';
import { frameOf } from './frame.ts';
import { record } from './json.ts';
import type { Json } from './openai-chat-object.ts';
import { fillerFor, wantsFiller } from './openai-filler.ts';
import type { Asked, Frame, FrameRole } from './wire.ts';

/** Whether a request wants to be told usage in its stream. */
export function wantsUsage({ body }: Asked): boolean {
  return record(body.stream_options)?.include_usage === true;
}

/** A finish reason that says that there is no answer. */
export const errorFinish = 'error';

export class Chunks {
  readonly frames: Frame[] = [];
  readonly #start: string;
  readonly #noUsage: string;
  readonly #filler: boolean;
  #early: string | null;

  /** `usage`: whether it is told at all; `early`: what the first chunk tells of it. */
  constructor(head: Json, asked: Asked, usage = wantsUsage(asked), early: Json | null = null) {
    this.#start = `data: ${JSON.stringify(head).slice(0, -1)}`;
    this.#noUsage = usage ? ',"usage":null' : '';
    this.#filler = wantsFiller(record(asked.body.stream_options));
    this.#early = early && `,"usage":${JSON.stringify(early)}`;
  }

  /** A chunk of one choice. `spoken`: the piece in it, hidden by filler; `chars`: of the answer. */
  add(delta: Json, role: FrameRole, part: FramePart, spoken = '', chars = spoken.length): void {
    this.#push(delta, null, spoken, { role, part, chars, marker: false });
  }

  finish(reason: string): void {
    const failed = reason === errorFinish;
    const role = failed ? 'error' : 'closing';
    this.#push({}, reason, '', { role, part: 'finish', chars: 0, marker: !failed });
  }

  /** The one chunk of an answer that has no choice. */
  addNone(): void {
    const told = this.#early !== null;
    const usage = this.#early ?? this.#noUsage;
    const [role, part] = told ? (['closing', 'usage'] as const) : (['preamble', 'open'] as const);
    this.#early = null;
    this.frames.push(frameOf(`${this.#start},"choices":[]${usage}}\n\n`, role, 0, false, part));
  }

  usage(usage: Json): void {
    const line = `${this.#start},"choices":[],"usage":${JSON.stringify(usage)}}\n\n`;
    this.frames.push(frameOf(line, 'closing', 0, false, 'usage'));
  }

  done(): void {
    this.frames.push(frameOf('data: [DONE]\n\n', 'closing', 0, true, 'end'));
  }

  #push(delta: Json, finish: string | null, spoken: string, tags: Omit<Frame, 'bytes'>): void {
    const choice = { index: 0, delta, logprobs: null, finish_reason: finish };
    const usage = this.#early ?? this.#noUsage;
    this.#early = null;
    const filler = this.#filler ? `,"obfuscation":"${fillerFor(spoken, this.frames.length)}"` : '';
    const line = `${this.#start},"choices":[${JSON.stringify(choice)}]${usage}${filler}}\n\n`;
    this.frames.push(frameOf(line, tags.role, tags.chars, tags.marker, tags.part));
  }
}
