// What a provider said in a live response, in the words of the history: an answer by its bytes, as
// a recording of them would be; or the beginning of one, where nobody heard the rest.
import { HarnessError } from '../errors.ts';
import type { Grader } from '../judge/grader.ts';
import { saidModel } from '../recordings/said-model.ts';
import type { KnownAnswer } from '../upstream/answer-book.ts';
import { know } from '../upstream/answer-book.ts';
import type { Decision } from '../upstream/decision.ts';
import { beginningOf, completed } from '../upstream/exact-answer.ts';
import type { Passing } from '../upstream/live.ts';
import type { ExactRecording } from '../upstream/recording.ts';
import { tokensOf } from '../upstream/tokens.ts';
import type { TextWireName } from '../wires/wire-name.ts';
import type { Sample } from '../workloads/workload.ts';
import { plainSample } from '../workloads/workload.ts';

export interface Heard {
  /** Of the text in the history. */
  id: string;
  passing: Pick<Passing, 'target' | 'wire' | 'sample' | 'turn'>;
  status: number;
  headers: readonly (readonly [name: string, value: string])[];
  body: Uint8Array;
}

/** What asks outside every call asks nothing of a workload. */
const noSample: Sample = { ...plainSample, id: '' };

/** All of a response. */
export function heardWhole(
  { id, passing, status, headers, body }: Heard,
  grade: Grader,
): KnownAnswer {
  const { target, wire, sample, turn } = passing;
  const of = sample ?? noSample;
  const recording: ExactRecording = {
    kind: 'recorded',
    sample: of.id,
    target,
    ...(turn === null ? {} : { turn }),
    wire: wire.name as TextWireName,
    exchange: {
      status,
      headers: headers.map(([name, value]): [string, string] => [name, value]),
      body: { base64: Buffer.from(completed(body, wire.name)).toString('base64') },
    },
  };
  const known = know(id, recording, of, grade);
  const model = saidModel(recording);
  const event = { ...known.event, kind: 'live' as const, ...(model ? { model } : {}) };
  return { ...known, event };
}

/** A stream as far as it was sent on. Nobody grades half an answer, or knows what it cost. */
export function heardPart(heard: Heard): KnownAnswer {
  const known = heardWhole(heard, () => ({ score: null }));
  const { sample, wire } = heard.passing;
  const said = beginningOf(heard.body, wire.name as TextWireName);
  const { unjudged: _, ...event } = known.event;
  return {
    ...known,
    answer: {
      ...known.answer,
      text: said,
      usage: {
        input: tokensOf(`${sample?.system ?? ''}${sample?.prompt ?? ''}`),
        output: tokensOf(said),
        estimated: true,
      },
    },
    event: { ...event, text: said, score: null, unfinished: true },
  };
}

/** Of what an attempt brings, before anything of it has come. */
export function textIdOf(attempt: number): string {
  return `live~${attempt}`;
}

/** What a stream will say, which nobody knows yet. */
export function unheardAnswer({ target, sample }: Passing, attempt: number): KnownAnswer {
  const id = textIdOf(attempt);
  const usage = { input: 0, output: 0, estimated: true };
  const none = { reasoning: '', toolCalls: [], refusal: null, finish: 'stop' } as const;
  return {
    answer: { id, text: '', ...none, toolCalls: [], usage },
    event: {
      e: 'text',
      id,
      sample: sample?.id ?? '',
      target,
      kind: 'live',
      text: '',
      score: null,
      refusal: false,
    },
    exact: null,
    failure: null,
  };
}

/** What becomes of a request is the provider's to say. */
export function undecided({ fired }: Passing): Decision {
  return {
    reply: { status: 0, headers: [], frames: [], sse: false },
    answer: null,
    effect: null,
    additions: {
      inBand: () => [],
      keepalive: () => {
        throw new HarnessError('a stream that goes by has its own keepalives');
      },
    },
    rejection: null,
    fired,
  };
}
