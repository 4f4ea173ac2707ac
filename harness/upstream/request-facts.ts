// What the history says of a request beyond its target: what it brings that is not its own, and
// what it lacks. Written only where there is something to say, so that histories stay small.
import type { AttemptEvent, EndEvent } from '../history.ts';
import { number } from '../wires/json.ts';
import { widthOf } from '../wires/vectors.ts';
import type { Asked, RawRequest, Wire } from '../wires/wire.ts';
import type { Sample } from '../workloads/workload.ts';
import type { Decision } from './decision.ts';
import type { Delivery } from './delivery.ts';
import { FailedWords } from './failed-words.ts';
import type { Keys } from './foreign.ts';
import { isForeignKey, isForeignModel, secretIn } from './foreign.ts';
import { lacksOf } from './lacks.ts';
import type { Host } from './targets.ts';

/** A request as it came in, understood. */
export interface Received {
  host: Host;
  hostname: string;
  wire: Wire;
  asked: Asked;
  request: RawRequest;
  /** The number of its call; null where it could not be attributed. */
  call: number | null;
  sample: Sample | null;
}

type Facts = Pick<
  AttemptEvent,
  'foreign' | 'secret' | 'lacks' | 'images' | 'brings' | 'vectors' | 'inputs' | 'width'
>;

const nothing: Facts = {};

export class RequestFacts {
  readonly #keys: Keys;
  readonly #words = new FailedWords();
  /** Who was asked before: what belongs to nobody but the one that is asked cannot cross. */
  readonly #asked = new Set<string>();

  constructor(keys: Keys) {
    this.#keys = keys;
  }

  of(received: Received): Facts {
    const crossed = this.#crossed(received);
    const { wire, asked, sample, call } = received;
    if (wire.make) return { ...crossed, vectors: true, ...vectorsIn(asked) };
    const { body } = received.request;
    const lacks = sample ? lacksOf(sample, received.request, asked) : [];
    const images = mayHaveImages.test(body) ? wire.traits(asked).images : 0;
    const question = sample ? [sample.prompt, sample.system ?? ''] : [];
    const brings = call === null ? null : this.#words.in(call, asked, question);
    if (crossed === nothing && lacks.length === 0 && images === 0 && !brings) return nothing;
    return {
      ...crossed,
      ...(lacks.length > 0 ? { lacks } : {}),
      ...(images > 0 ? { images } : {}),
      ...(brings ? { brings } : {}),
    };
  }

  begun(attempt: number, call: number | null, decision: Decision, delivery: Delivery): void {
    this.#words.begun(attempt, call, decision, delivery);
  }

  ended(event: EndEvent): void {
    this.#words.ended(event);
  }

  forget(call: number): void {
    this.#words.forget(call);
  }

  #crossed({ host, hostname, asked, request }: Received): Facts {
    const { provider } = host;
    this.#asked.add(provider);
    const key = isForeignKey(this.#keys, provider, asked.key);
    const foreign = key ? 'key' : isForeignModel(host, asked.model, hostname) ? 'model' : null;
    const secret = this.#asked.size > 1 ? secretIn(this.#keys, host, request, asked) : null;
    // What was never used where it belongs may be the host's own after all.
    const crosses = secret !== null && this.#asked.has(secret.of);
    if (foreign === null && !crosses) return nothing;
    return { ...(foreign ? { foreign } : {}), ...(crosses ? { secret } : {}) };
  }
}

/** What all wires have in the name or the type of a part with an image. */
const mayHaveImages = /"(?:input_)?image(?:_url)?"|"(?:inline|file)_?data"/i;

function vectorsIn({ body, model }: Asked): Facts {
  const { input } = body;
  const many = Array.isArray(input) && typeof input[0] !== 'number' ? input.length : 1;
  const width = number(body.dimensions) ?? widthOf(model);
  return { ...(many > 1 ? { inputs: many } : {}), width };
}
