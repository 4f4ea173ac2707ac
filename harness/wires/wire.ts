// The contract of a wire: one request/response format of one provider API, one file each.
// Faults decide in provider-neutral words (Rejection, Position); a wire knows how they look.
// A wire is pure: bytes in, frames out; time, cuts and stalls belong to delivery.ts.
import type { FramePart, InBandForm, Keepalive, Quirks } from '../faults/effect.ts';
import type { Traits } from '../faults/fault.ts';
import type { RateLimits, Rejection } from '../faults/rejection.ts';
import type { WireName } from './wire-name.ts';

/** One request as it came in, before any wire has looked at it. */
export interface RawRequest {
  method: string;
  /** Absolute. */
  url: string;
  /** Case-insensitive look-up; null where absent. */
  header(name: string): string | null;
  /** All of them, for who looks for what is in none of the usual ones. */
  headers?(): Iterable<readonly [name: string, value: string]>;
  body: string;
}

export interface Turn {
  role: 'system' | 'user' | 'assistant' | 'tool';
  text: string;
}

/** What a request asks for, in words that all wires share. */
export interface Asked {
  wire: WireName;
  model: string;
  stream: boolean;
  /** The stream is one JSON array, element by element, and not events. */
  array?: true;
  /** The conversation in order; text parts joined by a newline. */
  turns: Turn[];
  /** The credential as sent, without its scheme; null where there was none. */
  key: string | null;
  maxTokens: number | null;
  /** Names of the tools on offer. */
  tools: string[];
  /**
   * Everything beside model, answer and time that changes the rendered frames (stream, usage asked
   * for, ...): two requests of one variant get the same frames for one answer.
   */
  variant: string;
  /** The parsed JSON body, for the wire's own rules. */
  body: Record<string, unknown>;
  /** The API version, where the wire has one: by header, or by path. */
  version: string | null;
}

export interface ToolCall {
  id: string;
  name: string;
  /** A JSON text. */
  arguments: string;
}

export interface Usage {
  input: number;
  output: number;
  /** True where no provider counted: the estimate of tokens.ts. */
  estimated: boolean;
}

/** What a model answers, wire-neutral. */
export interface Answer {
  /** Stable across runs; response ids are derived from it. */
  id: string;
  text: string;
  /** What the model thought before it spoke, as far as it shows it; '' where it does not. */
  reasoning: string;
  toolCalls: ToolCall[];
  /** The text of an explicit refusal, else null. */
  refusal: string | null;
  finish: 'stop' | 'length' | 'tool-calls' | 'content-filter' | 'refusal';
  usage: Usage;
}

/**
 * preamble: before any payload; reasoning: thoughts, which are no payload but progress; payload:
 * text, tool arguments or refusal text; keepalive: pings and comments; closing: after the last
 * payload; error: an in-band error; whole: a complete body at once.
 */
export type FrameRole =
  | 'preamble'
  | 'reasoning'
  | 'payload'
  | 'keepalive'
  | 'closing'
  | 'error'
  | 'whole';

/** A piece of a response body that is never split by a position. Bytes are shared: do not write. */
export interface Frame {
  bytes: Uint8Array;
  role: FrameRole;
  /** What it is there for; absent where it is nothing of the list, or several things at once. */
  part?: FramePart;
  /** Characters (UTF-16 units) of answer or refusal text in it; tool arguments count none. */
  chars: number;
  /** Whether it carries a terminal marker of its wire (DESIGN I01). */
  marker: boolean;
  /** When its last byte came from the provider, ms since the headers, where that was recorded. */
  atMs?: number;
}

export interface Reply {
  status: number;
  headers: [name: string, value: string][];
  frames: Frame[];
  /** Whether the body is an event stream. */
  sse: boolean;
  /** From the request to the headers, ms, where that was recorded. */
  headersMs?: number;
}

/** What differs between two renderings of one thing. */
export interface Stamp {
  /** Unique per attempt in a trial, from 1; request ids are derived from it. */
  attempt: number;
  /** Epoch ms; dates and reset times are written from it. */
  now: number;
  /** What is left of the limits; absent: hardly any of an idle account's are used. */
  limits?: RateLimits;
}

/** What one event of a stream is. */
export type FrameTags = Omit<Frame, 'bytes' | 'atMs'>;

/** One server-sent event, as parsed from a recorded stream. */
export interface SseEvent {
  event: string | null;
  data: string;
}

export interface Wire {
  name: WireName;
  /** One line for `firedrill list wires`. */
  describe: string;
  /** The request as understood; null where it is not of this wire (other path or method). */
  decode(request: RawRequest): Asked | null;
  /** What the request brings, for faults that turn some requests down. */
  traits(asked: Asked): Traits;
  /** What the provider itself would refuse in this request (missing field, wrong key form ...). */
  objection(asked: Asked): Rejection | null;
  /**
   * The answer that the harness makes of the request itself, on a wire whose answers are vectors:
   * no recording is needed, and no caller of a chain reads it. Absent where answers are texts.
   */
  make?(asked: Asked): Answer;
  /** The frames of a complete answer; equal for equal `asked.variant`, model, answer and quirks. */
  frames(answer: Answer, asked: Asked, quirks?: Quirks): Frame[];
  /** Headers of a 200 with the given frames. */
  headers(asked: Asked, stamp: Stamp): [name: string, value: string][];
  /** The true status, headers and body of a rejection. */
  reject(rejection: Rejection, asked: Asked, stamp: Stamp): Reply;
  /**
   * An error inside a 200 stream (streaming) or a 200 with an error body (not streaming).
   * `sent`: the frames that went before it; a wire that numbers its events goes on from them.
   * A wire that cannot tell it in this form tells it in its own.
   */
  errorFrames(
    rejection: Rejection,
    asked: Asked,
    stamp: Stamp,
    sent?: readonly Frame[],
    form?: InBandForm,
  ): Frame[];
  /**
   * An event that says nothing; `sent` went before it. Its role is `keepalive`. A wire without
   * pings of its own sends a comment.
   */
  keepalive(form: Keepalive['form'], asked: Asked, answer: Answer, sent: readonly Frame[]): Frame;
  /** What one event of a recorded stream is. */
  classify(event: SseEvent): FrameTags;
  /** The answer inside a recorded body: for the oracle. Null where there is none (an error). */
  read(body: string, sse: boolean): Omit<Answer, 'id'> | null;
}
