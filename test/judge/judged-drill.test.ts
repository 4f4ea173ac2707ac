import OpenAI from 'openai';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Ask } from '../../harness/chains/chain.ts';
import type { AnswerEvent, HistoryEvent } from '../../harness/history.ts';
import { textHash } from '../../harness/judge/judged-check.ts';
import { scorers } from '../../harness/scorers/index.ts';
import { createScoring, figuresOf } from '../../harness/scoring/score.ts';
import { drillKeys } from '../../harness/trial/drill-keys.ts';
import { viewOf } from '../../harness/trial/setting.ts';
import type { TrialSeen } from '../trials.ts';
import { eventsOf, tried } from '../trials.ts';

const workload = 'support-tone';
const outage = `arrival: { rate: 1/s, for: 60s }
faults:
  - { inject: server-error, status: 503, on: { model: gpt-4o } }
  - { inject: server-error, status: 503, on: { provider: anthropic } }
`;

interface Figured {
  quality: { drop: number; ci95: [number, number]; n: number; calls: number; unscored: number };
  judge: Record<string, unknown>;
}

const figured = (seen: TrialSeen): Figured => seen.figures as unknown as Figured;

const textOf = ({ same, text }: AnswerEvent, { events }: TrialSeen): string => {
  const known = eventsOf({ events }, 'text').find(({ id }) => id === same);
  return known?.text ?? text ?? '';
};

describe('a drill that a judge scores', () => {
  let seen: TrialSeen;
  beforeAll(async () => {
    seen = await tried({ scenario: outage, workload });
  });

  it('has a drop with its interval, and says whose verdicts it rests on', async () => {
    const { quality, judge } = figured(seen);
    const [low, high] = quality.ci95;
    expect(low).toBeLessThanOrEqual(quality.drop);
    expect(high).toBeGreaterThanOrEqual(quality.drop);
    expect(low).toBeGreaterThan(0.1);
    expect(judge).toMatchObject({
      target: 'openai/gpt-4o',
      kind: 'authored',
      prompt: 'v1',
      judged: 29,
      failed: 1,
    });
  });

  it('scores each answer as the verdict on its text says', async () => {
    const verdicts = new Map(eventsOf(seen, 'judged').map((one) => [one.hash, one]));
    const answers = eventsOf(seen, 'answer');
    const scores = answers.map((answer) => {
      const verdict = verdicts.get(textHash(textOf(answer, seen)));
      // One plain check of weight 1 holds for every answer; the judge weighs 3.
      const expected = verdict?.score == null ? null : (1 + 3 * verdict.score) / 4;
      expect(answer.score).toBe(expected);
      return expected;
    });
    expect(new Set(scores)).toEqual(new Set([null, 0.25, 0.625]));
  });

  it('does not score what the judge failed on, and counts it', async () => {
    const failed = eventsOf(seen, 'answer').filter(({ unjudged }) => unjudged === 'judge-failed');
    expect(failed.length).toBeGreaterThan(0);
    const { quality, judge } = figured(seen);
    expect(judge.unscored).toEqual({ judge_failed: failed.length, no_verdict: 0 });
    expect(quality.unscored).toBe(failed.length);
    expect(quality.calls + quality.unscored).toBe(eventsOf(seen, 'answer').length);
  });

  it('does not score damage that nobody judged: it is not worth 0', async () => {
    const cut = `arrival: { rate: 1/s, for: 20s }
faults: [{ inject: truncate, at: 60% }]
`;
    const damaged = await tried({ scenario: cut, workload, chain: passesOnCuts });
    const answers = eventsOf(damaged, 'answer');
    const outcomes = [...damaged.calls.values()].map(({ outcome }) => outcome);
    expect(outcomes).toEqual(answers.map(() => 'truncated'));
    expect(outcomes.length).toBeGreaterThan(10);
    expect(answers.map(({ score, unjudged }) => [score, unjudged])).toEqual(
      answers.map(() => [null, 'no-verdict']),
    );
    const { quality, judge } = figured(damaged);
    expect(quality).toMatchObject({ drop: null, unscored: answers.length });
    expect(judge.unscored).toEqual({ judge_failed: 0, no_verdict: answers.length });
  });

  it('keeps the judge out of calls, attempts, tokens, cost and faults', async () => {
    const events = seen.events.filter(({ e }) => e !== 'judged');
    expect(eventsOf(seen, 'judged')).toHaveLength(30);
    const calls = new Set(eventsOf(seen, 'call').map(({ call }) => call));
    for (const { call } of eventsOf(seen, 'attempt')) expect(calls).toContain(call);
    const withoutJudge = figuresWithout(events);
    const { judge: _, reasons: __, ...others } = seen.figures;
    expect(withoutJudge).toMatchObject({ ...others, invariants: expect.anything() });
  });

  it('is the same for the same seed', async () => {
    const again = await tried({ scenario: outage, workload });
    expect(again.events).toEqual(seen.events);
    const other = await tried({ scenario: outage, workload, seed: 2 });
    expect(other.events).not.toEqual(seen.events);
  });

  it('has its verdicts before the first call, and no key anywhere', async () => {
    const { events } = seen;
    const first = events.findIndex(({ e }) => e === 'call');
    const last = events.findLastIndex(({ e }) => e === 'judged');
    expect(last).toBeLessThan(first);
    const text = JSON.stringify(events);
    for (const key of Object.values(drillKeys)) expect(text).not.toContain(key);
  });
});

/** What a clean end cut short looks like to the SDK: an answer. */
const passesOnCuts: Ask = async ({ messages }) => {
  const client = new OpenAI();
  const stream = await client.chat.completions.create({
    model: 'gpt-4o',
    messages: messages.map(({ role, content }) => ({ role, content })) as Messages,
    stream: true,
  });
  return (async function* () {
    for await (const chunk of stream) yield chunk.choices[0]?.delta?.content ?? '';
  })();
};

type Messages = OpenAI.ChatCompletionMessageParam[];

function figuresWithout(events: HistoryEvent[]): object {
  const [trial] = events;
  if (trial?.e !== 'trial') throw new Error('a history begins with its trial');
  const scoring = createScoring(viewOf(trial), scorers);
  for (const event of events) scoring.event(event);
  return { invariants: {}, ...figuresOf(scorers, scoring.end()) };
}
