// The answer oracle: what every target would send for every sample. Loopback, virtual network and
// scorers all take answers from here, so "what should have come" is known for every attempt.
import { grade } from './checks/grade.ts';
import type { Rejection } from './faults/fault.ts';
import type { TextEvent } from './history.ts';
import { recordedFailure } from './recorded-failure.ts';
import type { ExactRecording, Recording } from './recording.ts';
import { bodyOf } from './recording.ts';
import { tokensOf } from './tokens.ts';
import { wires } from './wires/index.ts';
import { joined, sseFrames } from './wires/sse.ts';
import type { Answer, Frame, WireName } from './wires/wire.ts';
import type { Sample, Workload } from './workloads/workload.ts';

/** A recorded response whose bytes are served as they are. */
export interface ExactReply {
  wire: WireName;
  status: number;
  headers: [name: string, value: string][];
  frames: Frame[];
  sse: boolean;
}

export interface KnownAnswer {
  answer: Answer;
  event: TextEvent;
  /** Null where a wire renders the text. */
  exact: ExactReply | null;
  /** The class of a recorded error, by status or within the body; null for an answer. */
  failure: Rejection | null;
}

export interface AnswerBook {
  samples: readonly Sample[];
  /** The `draw`-th of the target's recordings of a sample, counted round; null where it has none. */
  find(sample: string, target: string, draw: number): KnownAnswer | null;
  /**
   * What a target sends when it is asked to go on from `begun`: the rest of its own answer, else of
   * another target's answer that begins so. Null where no answer begins so: it is no continuation.
   */
  rest(known: KnownAnswer, begun: string): KnownAnswer | null;
  targets(): string[];
  /** What kind of recordings a target has, and from when: for reports. */
  provenance(target: string): { kind: string; date: string | null } | null;
}

export function createAnswerBook(workload: Workload): AnswerBook {
  const samples = new Map(workload.samples.map((sample) => [sample.id, sample]));
  const shelf = new Map<string, Recording[]>();
  const kinds = new Map<string, { kind: string; date: string | null }>();
  for (const recording of workload.recordings) {
    const key = `${recording.sample}\n${recording.target}`;
    const list = shelf.get(key);
    if (list) list.push(recording);
    else shelf.set(key, [recording]);
    kinds.set(recording.target, { kind: recording.kind, date: recording.date ?? null });
  }
  const known = new Map<string, KnownAnswer>();
  return {
    samples: workload.samples,
    rest(answer, begun) {
      const { sample } = answer.event;
      const begins = ({ text }: { text: string }): boolean =>
        text.length > begun.length && text.startsWith(begun);
      const whole = [answer, ...[...known.values()].filter((one) => one.event.sample === sample)]
        .map((one) => one.answer)
        .find(begins);
      return whole === undefined ? null : restOf(answer, whole.text.slice(begun.length));
    },
    targets: () => [...kinds.keys()],
    provenance: (target) => kinds.get(target) ?? null,
    find(sample, target, draw) {
      const list = shelf.get(`${sample}\n${target}`);
      const recording = list?.[draw % list.length];
      const of = samples.get(sample);
      if (!list || !recording || !of) return null;
      const id = `${sample}~${target}~${draw % list.length}`;
      let answer = known.get(id);
      if (!answer) {
        answer = know(id, recording, of);
        known.set(id, answer);
      }
      return answer;
    },
  };
}

function know(id: string, recording: Recording, sample: Sample): KnownAnswer {
  const stored = recording.kind === 'recorded' ? exactAnswer(recording) : null;
  const answer: Answer =
    recording.kind === 'recorded'
      ? { id, ...(stored?.said ?? nothing) }
      : {
          id,
          text: recording.text,
          toolCalls: [],
          refusal: recording.finish === 'refusal' ? recording.text : null,
          finish: recording.finish,
          usage: recording.usage
            ? { ...recording.usage, estimated: false }
            : {
                input: tokensOf(`${sample.system ?? ''}${sample.prompt}`),
                output: tokensOf(recording.text),
                estimated: true,
              },
        };
  const failure = stored?.failure ?? null;
  const event: TextEvent = {
    e: 'text',
    id,
    sample: sample.id,
    target: recording.target,
    kind: recording.kind,
    text: answer.refusal ?? answer.text,
    score: failure ? null : scoreOf(recording, sample, answer.text),
    refusal: answer.refusal !== null,
  };
  return { answer, event, exact: stored?.exact ?? null, failure };
}

/** Rendered by a wire: nobody recorded it. Its score is that of the whole, once it is joined. */
function restOf({ answer, event }: KnownAnswer, text: string): KnownAnswer {
  const id = `${event.id}+${event.text.length - text.length}`;
  const usage = { input: answer.usage.input, output: tokensOf(text), estimated: true };
  return {
    answer: { ...answer, id, text, usage },
    event: { ...event, id, text, kind: 'continuation', score: null },
    exact: null,
    failure: null,
  };
}

/** Somebody else's grade where the recording has one, else the sample's checks. */
function scoreOf(recording: Recording, sample: Sample, text: string): number | null {
  if (recording.score !== undefined) return recording.score;
  return sample.checks.length > 0 ? grade(sample.checks, text).score : null;
}

const nothing: Omit<Answer, 'id'> = {
  text: '',
  toolCalls: [],
  refusal: null,
  finish: 'stop',
  usage: { input: 0, output: 0, estimated: true },
};

/** Headers that described the body on the wire, not the decompressed one that is served. */
const ofTheWire = new Set([
  'content-encoding',
  'content-length',
  'transfer-encoding',
  'connection',
  'keep-alive',
]);

interface ExactAnswer {
  exact: ExactReply;
  failure: Rejection | null;
  /** Of a stream that fails half-way: what it said until then. */
  said: Omit<Answer, 'id'> | null;
}

function exactAnswer(recording: ExactRecording): ExactAnswer {
  const { exchange, wire } = recording;
  const { status } = exchange;
  const headers = exchange.headers.filter(([name]) => !ofTheWire.has(name.toLowerCase()));
  const type = headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? null;
  const bytes = bodyOf(recording);
  const body = new TextDecoder().decode(bytes);
  // A recorder may have kept no headers; and some providers call an error body an event stream.
  const events = type?.includes('text/event-stream') ?? /^(?:data|event|id|):/.test(body);
  const sse = events && status < 400;
  const read = status < 400 ? wires[wire].read(body, sse) : null;
  const failure = read ? null : recordedFailure({ status, headers, body, sse });
  const frames = sse ? sseFrames(bytes, wires[wire]) : wholeFrames(bytes, read, failure);
  const exact: ExactReply = { wire, status, headers, sse, frames };
  return { exact, failure, said: read ?? (sse ? begunIn(frames, wire) : null) };
}

/** A body at once carries its own end. */
function wholeFrames(
  bytes: Uint8Array,
  read: Omit<Answer, 'id'> | null,
  failure: Rejection | null,
): Frame[] {
  if (bytes.length === 0) return [];
  const role = failure ? 'error' : 'whole';
  return [{ bytes, role, chars: read?.text.length ?? 0, marker: read !== null }];
}

/** What ends a stream of each wire, where one event is enough. */
const endings: Readonly<Record<WireName, string>> = {
  'openai-chat': 'data: [DONE]\n\n',
  'anthropic-messages': 'event: message_stop\ndata: {"type":"message_stop"}\n\n',
  'openai-responses': '',
};

function begunIn(frames: readonly Frame[], wire: WireName): Omit<Answer, 'id'> | null {
  const stop = frames.findIndex(({ role }) => role === 'error');
  if (stop < 0) return null;
  const begun = joined(frames.slice(0, stop).map(({ bytes }) => bytes));
  return wires[wire].read(new TextDecoder().decode(begun) + endings[wire], true);
}
