// The answer oracle: what every target would send for every sample. Loopback, virtual network and
// scorers all take answers from here, so "what should have come" is known for every attempt.
import { grade } from '../checks/grade.ts';
import type { Rejection } from '../faults/rejection.ts';
import type { TextEvent } from '../history.ts';
import { mix } from '../rng.ts';
import type { Answer } from '../wires/wire.ts';
import type { Sample, Workload } from '../workloads/workload.ts';
import type { ExactReply } from './exact-answer.ts';
import { exactAnswer } from './exact-answer.ts';
import type { Recording } from './recording.ts';
import { tokensOf } from './tokens.ts';

export interface KnownAnswer {
  answer: Answer;
  event: TextEvent;
  /** Null where a wire renders the text. */
  exact: ExactReply | null;
  /** The class of a recorded error, by status or within the body; null for an answer. */
  failure: Rejection | null;
  /** Vectors that the harness made: no text that a history could have. */
  vectors?: true;
}

export interface AnswerBook {
  samples: readonly Sample[];
  /** The sample of that id; null where there is none. */
  sample(id: string): Sample | null;
  /**
   * The `draw`-th of the target's recordings of a sample, counted round; null where it has none.
   */
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

/** A recording, and its answer once somebody has asked for it. */
interface Shelved {
  recording: Recording;
  known: KnownAnswer | null;
}

export function createAnswerBook(workload: Workload): AnswerBook {
  const samples = new Map(workload.samples.map((sample) => [sample.id, sample]));
  const shelf = new Map<string, Map<string, Shelved[]>>();
  const kinds = new Map<string, { kind: string; date: string | null }>();
  for (const recording of workload.recordings) {
    const own = shelf.get(recording.sample) ?? new Map<string, Shelved[]>();
    shelf.set(recording.sample, own);
    const list = own.get(recording.target);
    if (list) list.push({ recording, known: null });
    else own.set(recording.target, [{ recording, known: null }]);
    kinds.set(recording.target, { kind: recording.kind, date: recording.date ?? null });
  }
  const find: AnswerBook['find'] = (sample, target, draw) => {
    const list = shelf.get(sample)?.get(target);
    const drawn = list ? draw % list.length : 0;
    const shelved = list?.[drawn];
    const of = samples.get(sample);
    if (!shelved || !of) return null;
    shelved.known ??= know(`${sample}~${target}~${drawn}`, shelved.recording, of);
    return shelved.known;
  };
  function* everyAnswer(sample: string): Generator<KnownAnswer> {
    for (const target of kinds.keys()) {
      const draws = shelf.get(sample)?.get(target)?.length ?? 0;
      for (let draw = 0; draw < draws; draw++) {
        const answer = find(sample, target, draw);
        if (answer && !answer.failure) yield answer;
      }
    }
  }
  return {
    samples: workload.samples,
    sample: (id) => samples.get(id) ?? null,
    find,
    rest(answer, begun) {
      const { sample } = answer.event;
      const begins = ({ text }: { text: string }): boolean =>
        text.length > begun.length && text.startsWith(begun);
      // All that there are, not those that were asked for so far: trials may come in any order.
      const whole = [answer, ...everyAnswer(sample)].map((one) => one.answer).find(begins);
      return whole === undefined ? null : restOf(answer, whole.text.slice(begun.length));
    },
    targets: () => [...kinds.keys()],
    provenance: (target) => kinds.get(target) ?? null,
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
          reasoning: '',
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
  const id = `${event.id}+${mix(0, text).toString(36)}`;
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
  reasoning: '',
  toolCalls: [],
  refusal: null,
  finish: 'stop',
  usage: { input: 0, output: 0, estimated: true },
};
