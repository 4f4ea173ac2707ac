// One request, answered from one recording: what is delivered when, and what the history says.
import { parse } from 'yaml';
import type { HistoryEvent } from '../../harness/history.ts';
import { shippedTargets } from '../../harness/project.ts';
import { rule } from '../../harness/scenario/rule.ts';
import { createAnswerBook } from '../../harness/upstream/answer-book.ts';
import type { Delivery } from '../../harness/upstream/delivery.ts';
import type { Recording } from '../../harness/upstream/recording.ts';
import { createSchedule } from '../../harness/upstream/schedule.ts';
import { createTargets, readTargets, targetsSchema } from '../../harness/upstream/targets.ts';
import { createUpstream } from '../../harness/upstream/upstream.ts';
import { wires } from '../../harness/wires/index.ts';
import { plainSample } from '../../harness/workloads/workload.ts';

export interface ServedWith {
  /** One rule, as YAML. */
  faults?: string;
  /** A targets file beside the shipped one, as YAML. */
  targets?: string;
  /** Of OpenAI: `chat/completions` unless another is given. */
  path?: 'responses';
}

export function served(
  recording: Recording,
  asked: { model: string; stream: boolean },
  { faults, targets = 'hosts: []', path }: ServedWith = {},
): { delivery: Delivery; history: HistoryEvent[] } {
  const history: HistoryEvent[] = [];
  const upstream = createUpstream({
    seed: 1,
    book: createAnswerBook({
      name: 'w',
      provenance: 'recorded',
      samples: [{ ...plainSample, id: 's', prompt: 'Hello?' }],
      recordings: [recording],
    }),
    targets: createTargets([...readTargets([shippedTargets]), targetsSchema.parse(parse(targets))]),
    wires: Object.values(wires),
    schedule: createSchedule(faults === undefined ? [] : [rule.parse(parse(faults))], 1),
    record: (event) => history.push(event),
    now: () => 0,
    epochMs: 0,
    keys: {},
  });
  const turns = [{ role: 'user', content: 'Hello?' }];
  const body = path === 'responses' ? { ...asked, input: turns } : { ...asked, messages: turns };
  const { delivery, started } = upstream.receive(
    {
      method: 'POST',
      url: `https://api.openai.com/v1/${path ?? 'chat/completions'}`,
      header: (name) => (name === 'authorization' ? 'Bearer k' : null),
      body: JSON.stringify(body),
    },
    { call: 1, sample: 's' },
  );
  started();
  return { delivery, history };
}

/** When the headers and each frame go out, ms since the request. */
export function frameTimes(delivery: Delivery): (number | null)[] {
  if (delivery.kind !== 'response') throw new Error(`is ${delivery.kind}`);
  return [delivery.headersAtMs, ...delivery.times];
}
