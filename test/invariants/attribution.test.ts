import { describe, expect, it } from 'vitest';
import type { Meta } from '../../harness/history.ts';
import type { AttemptSpec, History } from './histories.ts';
import { claude, gpt, judgeOne, lost, mini, ok, one, status, verdict } from './histories.ts';

function fellBack(meta: Meta | undefined): History {
  return one([status(gpt, 0, 503), ok(claude, 110)], {
    outcome: 'complete',
    ...(meta ? { answer: { meta } } : {}),
  });
}

function direct(target: string, served: string): History {
  return one([ok(target, 0)], { outcome: 'complete', answer: { meta: { served } } });
}

const hop = (target: string): { target: string; outcome: string } => ({ target, outcome: 'x' });

describe('I23 attribution', () => {
  it.each([[claude], ['Anthropic/Claude'], ['anthropic:claude'], ['claude'], ['claude-20250101']])(
    'holds for %s where claude served',
    (served) => {
      expect(verdict('I23', fellBack({ served }))).toBe('held 1');
    },
  );

  it('is violated where the primary is named and the fallback served', () => {
    const history = fellBack({ served: gpt });
    expect(verdict('I23', history)).toBe('violated 1/1');
    expect(judgeOne('I23', history).first?.text).toBe(
      'attempt 2 (anthropic/claude, 100.1 s): complete after 1.0 s, and its answer is what the ' +
        'caller got at 101.1 s. The chain says that openai/gpt-4o served.',
    );
  });

  it('tells models apart whose names begin alike', () => {
    expect(verdict('I23', direct(mini, gpt))).toBe('violated 1/1');
    expect(verdict('I23', direct(mini, 'gpt-4o'))).toBe('violated 1/1');
    expect(verdict('I23', direct(mini, 'gpt-4o-mini-2024-07-18'))).toBe('held 1');
  });

  it('takes the model that the response named for one that served', () => {
    const effect = { kind: 'quirk', quirks: { model: 'gpt-4o' } };
    const named = (served: string): History =>
      one([status(gpt, 0, 503), ok(mini, 110, 1000, { effect })], {
        outcome: 'complete',
        answer: { meta: { served } },
      });
    expect(verdict('I23', named(gpt))).toBe('held 1');
    expect(verdict('I23', named(mini))).toBe('held 1');
    const beside = one([status(claude, 0, 503), ok(mini, 110, 1000, { effect })], {
      outcome: 'complete',
      answer: { meta: { served: claude } },
    });
    expect(verdict('I23', beside)).toBe('violated 1/1');
  });

  it('is violated by the name of a target beside the reply of its own that a chain declares', () => {
    const answer = { meta: { served: gpt } };
    const history = one([status(gpt, 0, 503)], { outcome: 'degraded', text: 'Later.', answer });
    expect(verdict('I23', history, { degradeText: 'Later.' })).toBe('violated 1/1');
    expect(verdict('I23', history)).toBe('not-applicable');
  });

  it('is violated by a hop that is told as gone well and did not', () => {
    const told = (outcome: string): History =>
      fellBack({ hops: [{ target: gpt, outcome }, hop(claude)] });
    expect(verdict('I23', told('complete'))).toBe('violated 1/1');
    expect(judgeOne('I23', told('complete')).first?.text).toContain('tells of a hop to');
    expect(verdict('I23', told('503'))).toBe('held 1');
  });

  it('asks for no hop of what was asked beside the question', () => {
    const probe = status(gpt, 0, 503, {}, { start: { beside: true } });
    const answer = { meta: { hops: [hop(claude)] } };
    const history = one([probe, ok(claude, 110)], { outcome: 'complete', answer });
    expect(verdict('I23', history)).toBe('held 1');
  });

  it('is violated by hops that leave a target out', () => {
    expect(verdict('I23', fellBack({ hops: [hop(claude)] }))).toBe('violated 1/1');
    expect(judgeOne('I23', fellBack({ hops: [hop(claude)] })).first?.text).toContain(
      'tells of 1 hops; the targets asked on the wire from 100.0 s on were 2',
    );
    expect(verdict('I23', fellBack({ hops: [hop(gpt), hop(claude)] }))).toBe('held 1');
  });

  it('takes hops for the moves alone where who served is told beside them', () => {
    expect(verdict('I23', fellBack({ served: claude, hops: [hop(gpt)] }))).toBe('held 1');
    const meta = { served: gpt, hops: [] };
    const first = one([ok(gpt, 0)], { outcome: 'complete', answer: { meta } });
    expect(verdict('I23', first)).toBe('held 1');
    expect(verdict('I23', fellBack({ served: claude, hops: [] }))).toBe('violated 1/1');
  });

  it('is violated by hops of other calls, not by targets that were skipped again and again', () => {
    const hops = (count: number) => Array.from({ length: count }, () => hop(gpt));
    const meta = (count: number) => ({ served: claude, hops: [...hops(count), hop(claude)] });
    expect(verdict('I23', fellBack(meta(12)))).toBe('held 1');
    expect(verdict('I23', fellBack(meta(40)))).toBe('violated 1/1');
    expect(judgeOne('I23', fellBack(meta(40))).first?.text).toBe(
      'The answer at 101.1 s tells of 41 hops; the call made 2 attempts. The others can only be ' +
        'those of other calls.',
    );
  });

  it('does not accuse a list that has skipped targets too', () => {
    const hops = [hop(mini), hop(gpt), hop(claude)];
    expect(verdict('I23', fellBack({ served: claude, hops }))).toBe('held 1');
  });

  it.each([
    ['began together with the one that served', 0],
    ['began after it', 400],
  ])('does not ask for the loser of a race that %s', (_, at) => {
    const loser = lost(claude, at, 'aborted', 1_000 - at);
    const raced = (...attempts: AttemptSpec[]): History =>
      one(attempts, { outcome: 'complete', by: 0, answer: { meta: { hops: [hop(gpt)] } } });
    expect(verdict('I23', raced(ok(gpt, 0), loser))).toBe('held 1');
    expect(verdict('I23', raced(ok(gpt, 0), status(claude, at, 503)))).toBe('violated 1/1');
  });

  it('is violated where the one that was left for another is not told', () => {
    const history = one([lost(gpt, 0, 'aborted', 2_500), ok(claude, 2_000)], {
      outcome: 'complete',
      answer: { meta: { hops: [hop(claude)] } },
    });
    expect(verdict('I23', history)).toBe('violated 1/1');
  });

  it('counts no step before the question as a hop, whose model is none of the declared targets', () => {
    const history = one([ok(mini, 0, 300), ok(gpt, 400)], {
      outcome: 'complete',
      answer: { meta: { served: gpt, hops: [hop(gpt)] } },
    });
    expect(verdict('I23', history, { targets: [gpt, claude] })).toBe('held 1');
    expect(verdict('I23', history, { targets: [mini, gpt] })).toBe('violated 1/1');
  });

  it('does not judge names of the chain’s own making', () => {
    expect(verdict('I23', fellBack({ served: 'backup' }))).toBe('not-applicable');
  });

  it('does not accuse where two attempts finished and either may have been taken', () => {
    const history = one([ok(gpt, 0), ok(claude, 100)], {
      outcome: 'complete',
      answer: { meta: { served: gpt } },
    });
    expect(verdict('I23', history)).toBe('held 1');
  });

  it('is violated where the one that is named finished after the answer', () => {
    const history = one([ok(gpt, 0, 5_000), ok(claude, 100)], {
      outcome: 'complete',
      ends: 1_100,
      answer: { meta: { served: gpt } },
    });
    expect(verdict('I23', history)).toBe('violated 1/1');
  });

  it.each([
    ['says nothing', fellBack(undefined)],
    ['says nothing of who served', fellBack({ degraded: false })],
    [
      'answers from its cache',
      one([], { outcome: 'cached', answer: { meta: { served: gpt, cachedMs: 10 } } }),
    ],
  ])('is not applicable where the chain %s', (_, history) => {
    expect(verdict('I23', history)).toBe('not-applicable');
  });

  describe('of what was found with vectors', () => {
    const vectors = { start: { vectors: true as const } };
    const found = (served: string, ...attempts: AttemptSpec[]): History =>
      one(attempts, { outcome: 'complete', by: null, answer: { meta: { served } } });
    const small = 'openai/text-embedding-3-small';
    const ada = 'openai/text-embedding-ada-002';
    const down = status(small, 0, 503, {}, vectors);
    const other = ok(ada, 110, 200, vectors);

    it('holds where their model is named', () => {
      expect(verdict('I23', found(ada, down, other))).toBe('held 1');
      expect(verdict('I23', found(small, ok(small, 0, 200, vectors), other))).toBe('held 1');
    });

    it('is violated where the model is named that brought none', () => {
      const history = found(small, down, other);
      expect(verdict('I23', history)).toBe('violated 1/1');
      expect(judgeOne('I23', history).first?.text).toMatch(
        /^attempt 2 .*, and with its vectors the chain found what the caller got at 100\.3 s\./,
      );
    });

    it.each([
      ['a name of the chain’s own is given', found('index', down, other)],
      ['the writer of what was found is named', found(gpt, down, other)],
      ['a model was asked for text too', found(small, down, other, status(claude, 400, 503))],
    ])('is not applicable where %s', (_, history) => {
      expect(verdict('I23', history)).toBe('not-applicable');
    });
  });

  describe('of a target that was never asked', () => {
    const announced = one([status(gpt, 0, 503), ok(gpt, 600)], {
      outcome: 'complete',
      answer: { meta: { served: claude } },
    });

    it('is violated where the chain declares it', () => {
      expect(verdict('I23', announced, { targets: [gpt, claude] })).toBe('violated 1/1');
    });

    it('is not applicable where the chain has other names than the wire', () => {
      expect(verdict('I23', announced, { targets: ['openai/mine', claude] })).toBe(
        'not-applicable',
      );
      expect(verdict('I23', announced)).toBe('not-applicable');
    });
  });
});
