// What faults decide, as data: provider-neutral. Wires know how a rejection or an answer looks,
// delivery.ts how time and bytes go.
import type { RateLimits, Rejection } from './rejection.ts';

/** What a piece of a response is there for, in words that all wires share. */
export const frameParts = [
  /** Of the response: `message_start`, `response.created`, the chunk with the role. */
  'open',
  /** Of a block of text, reasoning or a tool call. */
  'block-open',
  /** A delta without content. */
  'empty',
  'reasoning',
  'text',
  'refusal',
  'arguments',
  'block-close',
  /** The reason why the answer ends. */
  'finish',
  'usage',
  /** The last event of its kind: `[DONE]`, `response.completed`, `message_stop`. */
  'end',
  'ping',
] as const;

export type FramePart = (typeof frameParts)[number];

/** A place in a response. Counts start at 1; what is put beyond the end does not fire. */
export type Position =
  | { at: 'headers' }
  | { at: 'first-event' }
  | { at: 'first-token' }
  | { at: 'tokens'; count: number }
  | { at: 'share'; share: number }
  | { at: 'event'; index: number }
  /** Behind so many bytes of the body, inside an event or a character as it may be. */
  | { at: 'byte'; index: number }
  /** Inside the first character of several bytes; in the middle where there is none. */
  | { at: 'inside-character' }
  /** Behind the first frame of this part: where the first block opens, ... */
  | { at: 'part'; part: FramePart }
  /** Behind all reasoning, its block closed. */
  | { at: 'reasoning' }
  /** Half-way through the arguments of the first tool call. */
  | { at: 'arguments' }
  | { at: 'marker' };

/** `clean`: as if the answer were complete. */
export type CutHow = 'reset' | 'fin' | 'clean';

/** What keeps a silent connection looking alive. `ping` is a comment on wires that have no ping. */
export interface Keepalive {
  form: 'comment' | 'ping' | 'empty-delta';
  everyMs: number;
}

/**
 * How an error inside a 200 is told. `own`: the wire's error event; `chunk`: a data object with an
 * `error` member; `failed`, `incomplete`: the response's own closing event with that status;
 * `finish-reason`: an ordinary end whose finish reason is `error`. A wire that has no such form
 * uses its own.
 */
export const inBandForms = ['own', 'chunk', 'failed', 'incomplete', 'finish-reason'] as const;

export type InBandForm = (typeof inBandForms)[number];

/** A 200 that is no answer. */
export const degenerateForms = [
  /** Content `""`; null; no choice, block or item at all. */
  'empty',
  'null',
  'no-choices',
  /** A stream without an event, or a body without a byte. */
  'no-events',
  /** Reasoning and then nothing; `length`: all of the budget went into it. */
  'reasoning-only',
  'length',
  /** A login or firewall page. */
  'html',
  /** One JSON document, whatever was asked for. */
  'json',
  'content-filter',
  'refusal',
  /** Nothing, and a finish reason that no documentation has. */
  'unknown-finish',
  /** Vectors of half the width that was asked for. */
  'wrong-width',
] as const;

export type DegenerateForm = (typeof degenerateForms)[number];

/** What is odd about how an answer is rendered; a wire leaves out what it cannot show. */
export interface Quirks {
  /** `early`: at the beginning and not at the end. */
  usage?: 'missing' | 'null' | 'early';
  /** The model that the response names, instead of the one asked for. */
  model?: string;
  /** Instead of the finish reason. */
  finish?: string;
  /** Content `null`, or no choice (block, item) at all, where the answer is empty. */
  content?: 'null' | 'no-choices';
  /** Vectors without a number in them, or of half their width. */
  vectors?: 'empty' | 'half';
  /** A delta without content stands before the first one with. */
  emptyDelta?: true;
}

/** Another answer than the one that the target would give. */
export type AnswerChange =
  /** To a different question of the workload. */
  | { to: 'other-sample' }
  /** The letters of its words in disorder. */
  | { to: 'garbled' }
  /** Words of another language among its own, as after a faulty token table. */
  | { to: 'other-language' }
  /** JSON that does not parse, or text where JSON was asked for. */
  | { to: 'invalid-json' }
  | { to: 'prose' }
  /** Another target's answer, in silence. */
  | { to: 'of'; target: string }
  /** So many tokens of reasoning before it. */
  | { to: 'reasoned'; tokens: number }
  /** Its first so many tokens: the output limit ends it. */
  | { to: 'limited'; tokens: number };

/** Ends an attempt or takes the answer's place: of these the first in file order wins. */
export type TerminalEffect =
  /** `bodySilenceMs`: between the headers of the error and its body; null: for ever. */
  | { kind: 'reject'; rejection: Rejection; bodySilenceMs?: number | null }
  | { kind: 'connection'; how: 'refused' | 'reset' | 'fin' | 'dns' | 'tls' }
  /** Nothing more is sent from `at` on but keepalives, for `forMs` (null: for ever). */
  | {
      kind: 'stall';
      at: Position;
      forMs: number | null;
      keepalive?: Keepalive;
      /** After the silence the connection ends, instead of the answer going on. */
      ends?: CutHow;
    }
  /** The response ends at `at`: by reset, by FIN, or cleanly as if it were complete. */
  | { kind: 'cut'; at: Position; how: CutHow }
  /** A 200 that carries an error at `at`, and then ends. */
  | { kind: 'error-event'; at: Position; rejection: Rejection; form?: InBandForm }
  | { kind: 'degenerate'; form: DegenerateForm };

/** Composes with everything, in file order. */
export type ComposingEffect =
  /** Slower or faster than the target's own pace; `streamMs`: the stream lasts that long. */
  | {
      kind: 'pace';
      ttftMs?: number;
      ttftFactor?: number;
      tokensPerSecond?: number;
      streamMs?: number;
    }
  | { kind: 'answer'; change: AnswerChange }
  | { kind: 'quirk'; quirks: Quirks }
  /** Every frame of these parts is left out, or every one behind a place. */
  | { kind: 'omit'; parts: FramePart[]; behind?: Position }
  /** A data line that is no JSON, beside an event or in its place. */
  | { kind: 'bad-line'; at: Position; instead: boolean }
  /** The same bytes in other reads: pieces of so many bytes, or so many events at once. */
  | { kind: 'rechunk'; bytes: number }
  | { kind: 'rechunk'; events: number }
  /** Split where careless readers trip: inside lines, line ends and characters. */
  | { kind: 'rechunk'; seams: true }
  | { kind: 'limits'; limits: RateLimits }
  /** The request lies unread for so long (null: for ever), and all that follows is as late. */
  | { kind: 'unread'; forMs: number | null };

/** What a fault decided for one attempt. Times in ms. */
export type Effect = TerminalEffect | ComposingEffect;

const terminalKinds: Readonly<Record<Effect['kind'], boolean>> = {
  reject: true,
  connection: true,
  stall: true,
  cut: true,
  'error-event': true,
  degenerate: true,
  pace: false,
  answer: false,
  quirk: false,
  omit: false,
  'bad-line': false,
  rechunk: false,
  limits: false,
  unread: false,
};

export const effectKinds = Object.keys(terminalKinds) as Effect['kind'][];

/** Where in the response an effect takes place; null where it has no place. */
export function placeOf(effect: Effect): Position | null {
  return 'at' in effect ? effect.at : null;
}

export function isTerminal(effect: Effect): effect is TerminalEffect {
  return terminalKinds[effect.kind];
}
