// The answer oracle: what every target would send for every sample. Loopback, virtual network and
// scorers all take answers from here, so "what should have come" is known for every attempt.
import type { Rejection } from '../faults/rejection.ts';
import type { TextEvent } from '../history.ts';
import type { Grader, Scored } from '../judge/grader.ts';
import { byChecks } from '../judge/grader.ts';
import type { Provenance } from '../provenance.ts';
import { mix } from '../rng.ts';
import type { JudgeSetting } from '../setting.ts';
import type { Answer } from '../wires/wire.ts';
import type { Sample, Workload } from '../workloads/workload.ts';
import type { ExactReply } from './exact-answer.ts';
import { exactAnswer } from './exact-answer.ts';
import { provenanceByTarget } from './provenance.ts';
import type { RecordedSpan } from './recorded-times.ts';
import type { Recording } from './recording.ts';
import { thoughtIn } from './thought-in.ts';
import { tokensOf } from './tokens.ts';
import { callsOf, finishOf, saidIn, toolCallsIn } from './tool-recording.ts';

export interface KnownAnswer {
  answer: Answer;
  event: TextEvent;
  /** Null where a wire renders the text. */
  exact: ExactReply | null;
  /** The class of a recorded error, by status or within the body; null for an answer. */
  failure: Rejection | null;
  /** Vectors that the harness made: no text that a history could have. */
  vectors?: true;
  /** When it was recorded to begin and how long it lasted, for whoever renders it otherwise. */
  span?: RecordedSpan;
}

export interface AnswerBook {
  samples: readonly Sample[];
  /** The sample of that id; null where there is none. */
  sample(id: string): Sample | null;
  /**
   * The `draw`-th of the target's recordings of a sample's turn (the first unless one is given),
   * counted round; null where it has none.
   */
  find(sample: string, target: string, draw: number, turn?: number): KnownAnswer | null;
  /** The turns of a sample that a target has recordings of, in order. */
  turns(sample: string, target: string): readonly number[];
  /**
   * What a target sends when it is asked to go on from `begun`: the rest of its own answer, else of
   * another target's answer that begins so; nothing, where that was all of it. Null where no answer
   * begins so: it is no continuation.
   */
  rest(known: KnownAnswer, begun: string): KnownAnswer | null;
  targets(): string[];
  /** What its recordings of a target are, for reports; null where it has none. */
  provenance(target: string): Provenance | null;
  /** What a text is worth as an answer to a sample. */
  grade: Grader;
  /** Who decides judged checks; null: nobody. */
  judge: JudgeSetting | null;
}

/** A recording, and its answer once somebody has asked for it. */
interface Shelved {
  recording: Recording;
  known: KnownAnswer | null;
}

export function createAnswerBook(workload: Workload, grader: Grader = byChecks): AnswerBook {
  const samples = new Map(workload.samples.map((sample) => [sample.id, sample]));
  /** By sample, then by target and turn. */
  const shelf = new Map<string, Map<string, Shelved[]>>();
  const turns = turnsIn(workload.recordings);
  const provenance = provenanceByTarget(workload.recordings);
  for (const recording of workload.recordings) {
    const own = shelf.get(recording.sample) ?? new Map<string, Shelved[]>();
    shelf.set(recording.sample, own);
    const place = placeOf(recording.target, recording.turn ?? 1);
    const list = own.get(place);
    if (list) list.push({ recording, known: null });
    else own.set(place, [{ recording, known: null }]);
  }
  const find: AnswerBook['find'] = (sample, target, draw, turn = 1) => {
    const list = shelf.get(sample)?.get(placeOf(target, turn));
    const drawn = list ? draw % list.length : 0;
    const shelved = list?.[drawn];
    const of = samples.get(sample);
    if (!shelved || !of) return null;
    const id = `${sample}~${placeOf(target, turn)}~${drawn}`;
    shelved.known ??= know(id, shelved.recording, of, grader);
    return shelved.known;
  };
  function* everyAnswer(sample: string, turn = 1): Generator<KnownAnswer> {
    for (const target of provenance.keys()) {
      const draws = shelf.get(sample)?.get(placeOf(target, turn))?.length ?? 0;
      for (let draw = 0; draw < draws; draw++) {
        const answer = find(sample, target, draw, turn);
        if (answer && !answer.failure) yield answer;
      }
    }
  }
  return {
    samples: workload.samples,
    sample: (id) => samples.get(id) ?? null,
    find,
    turns: (sample, target) => turns.get(`${sample}\n${target}`) ?? [],
    rest(answer, begun) {
      const { sample, turn } = answer.event;
      // All that there are, not those that were asked for so far: trials may come in any order.
      const all = [answer, ...everyAnswer(sample, turn)].map((one) => one.answer.text);
      const begin = all.filter((text) => text.startsWith(begun));
      const whole = begin.find((text) => text.length > begun.length) ?? begin[0];
      return whole === undefined ? null : restOf(answer, whole.slice(begun.length));
    },
    targets: () => [...provenance.keys()],
    provenance: (target) => provenance.get(target) ?? null,
    grade: grader,
    judge: judgeOf(workload),
  };
}

function judgeOf({ judge }: Workload): JudgeSetting | null {
  if (!judge) return null;
  const { model, verdicts } = judge;
  const kinds = [...new Set(verdicts.map(({ kind }) => kind))].sort();
  const dates = verdicts.flatMap(({ date }) => date ?? []).sort();
  const { target, prompt } = model;
  return { target, prompt, kind: kinds.join(', '), date: dates.at(-1) ?? null };
}

function turnsIn(recordings: readonly Recording[]): Map<string, number[]> {
  const turns = new Map<string, number[]>();
  for (const { sample, target, turn = 1 } of recordings) {
    const own = turns.get(`${sample}\n${target}`) ?? [];
    if (!own.includes(turn))
      turns.set(
        `${sample}\n${target}`,
        [...own, turn].sort((a, b) => a - b),
      );
  }
  return turns;
}

function placeOf(target: string, turn: number): string {
  return turn === 1 ? target : `${target}~turn ${turn}`;
}

/** What a recording says, and what it is worth as an answer to the sample. */
export function know(
  id: string,
  recording: Recording,
  sample: Sample,
  grader: Grader,
): KnownAnswer {
  const stored = recording.kind === 'recorded' ? exactAnswer(recording) : null;
  const answer: Answer =
    recording.kind === 'recorded'
      ? { id, ...(stored?.said ?? nothing) }
      : {
          id,
          text: recording.text,
          reasoning: '',
          toolCalls: toolCallsIn(recording),
          refusal: recording.finish === 'refusal' ? recording.text : null,
          finish: finishOf(recording),
          usage: recording.usage
            ? { ...recording.usage, estimated: false }
            : {
                input: tokensOf(`${sample.system ?? ''}${sample.prompt}`),
                output: tokensOf(saidIn(recording)),
                estimated: true,
              },
        };
  const failure = stored?.failure ?? null;
  const { turn = 1 } = recording;
  const event: TextEvent = {
    e: 'text',
    id,
    sample: sample.id,
    target: recording.target,
    kind: recording.kind,
    text: answer.refusal ?? answer.text,
    // A call of a tool is no answer yet.
    ...(failure || answer.toolCalls.length > 0
      ? { score: null }
      : scoreOf(recording, () => grader(sample, answer.text))),
    refusal: answer.refusal !== null,
    ...(turn > 1 ? { turn } : {}),
    ...callsOf(answer),
    ...thoughtIn(answer),
  };
  const span = stored?.span ? { span: stored.span } : {};
  return { answer, event, exact: stored?.exact ?? null, failure, ...span };
}

/** Rendered by a wire: nobody recorded it. Its score is that of the whole, once it is joined. */
function restOf({ answer, event, span }: KnownAnswer, text: string): KnownAnswer {
  const id = `${event.id}+${mix(0, text).toString(36)}`;
  const usage = { input: answer.usage.input, output: tokensOf(text), estimated: true };
  return {
    answer: { ...answer, id, text, usage },
    event: { ...event, id, text, kind: 'continuation', score: null },
    exact: null,
    failure: null,
    ...(span ? { span } : {}),
  };
}

/** Somebody else's grade where the recording has one, else the sample's checks. */
function scoreOf({ score }: Recording, graded: () => Scored): Scored {
  return score === undefined ? graded() : { score };
}

const nothing: Omit<Answer, 'id'> = {
  text: '',
  reasoning: '',
  toolCalls: [],
  refusal: null,
  finish: 'stop',
  usage: { input: 0, output: 0, estimated: true },
};
