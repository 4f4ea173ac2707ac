// The calls of a trial before they are made: under which number who is asked what. Canaries draw
// from a stream of their own.
import type { CallEvent } from '../history.ts';
import { mix } from '../rng.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { OpenCall } from '../upstream/answers.ts';
import type { Sample } from '../workloads/workload.ts';
import { Questions } from './arrival.ts';
import { canaryNumber } from './canary.ts';

export interface NextCall {
  call: number;
  sample: Sample;
  /** The call that it repeats word for word; null for a new question. */
  repeats: number | null;
  /** The call whose asker comes back, in other words and under the same ticket. */
  follows: number | null;
  canary: boolean;
}

export class NextCalls {
  readonly #questions: Questions;
  readonly #canaryQuestions: Questions;
  #calls = 0;
  #canaries = 0;

  /** `before`: how many were made before, in the same trial: numbers and draws go on from there. */
  constructor(
    scenario: Scenario,
    samples: readonly Sample[],
    seed: number,
    before: { calls: number; canaries: number } = { calls: 0, canaries: 0 },
  ) {
    const { repeat: _, ...fresh } = scenario;
    this.#questions = new Questions(scenario, samples, seed);
    this.#canaryQuestions = new Questions(fresh, samples, mix(seed, 'canary'));
    for (let i = 0; i < before.calls; i++) this.next(false);
    for (let i = 0; i < before.canaries; i++) this.next(true);
  }

  /** How many there were, without canaries. */
  get calls(): number {
    return this.#calls;
  }

  get canaries(): number {
    return this.#canaries;
  }

  get made(): number {
    return this.#calls + this.#canaries;
  }

  next(canary: boolean): NextCall {
    const call = canary ? canaryNumber(++this.#canaries) : ++this.#calls;
    const questions = canary ? this.#canaryQuestions : this.#questions;
    return { call, ...questions.next(call), canary };
  }
}

export function openCall({ call, sample, canary }: NextCall): OpenCall {
  return { call, sample: sample.id, ...(canary ? { canary } : {}) };
}

/** `healthy`: the id of what a healthy primary would send. */
export function callEvent(
  next: NextCall,
  t: number,
  due: number,
  healthy: string | null,
): CallEvent {
  const { call, sample, repeats, follows, canary } = next;
  return {
    e: 'call',
    t,
    call,
    sample: sample.id,
    due,
    ...(repeats === null ? {} : { repeats }),
    ...(follows === null ? {} : { follows }),
    ...(healthy === null ? {} : { healthy }),
    ...(canary ? { canary } : {}),
  };
}
