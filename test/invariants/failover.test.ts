import { describe, expect, it } from 'vitest';
import type { AttemptSpec, CallSpec } from './histories.ts';
import {
  claude,
  gpt,
  History,
  inBand,
  judgeOne,
  lost,
  mini,
  ok,
  one,
  partly,
  status,
  verdict,
} from './histories.ts';

const both = { targets: [gpt, claude] };

/** A chain that has shown that it goes from the primary to claude, before the call in question. */
function knowing(attempts: AttemptSpec[], spec: CallSpec = { outcome: 'error' }): History {
  return new History()
    .call([status(gpt, 0, 503), ok(claude, 110)], { outcome: 'complete' })
    .call(attempts, spec);
}

describe('I02 failure before payload', () => {
  it('holds where another target answers', () => {
    const history = one([inBand(gpt, 0, 'overloaded'), ok(claude, 210)], { outcome: 'complete' });
    expect(verdict('I02', history, both)).toBe('held 1');
  });

  it('holds where the same target is asked again', () => {
    const history = knowing([lost(gpt, 0), status(gpt, 600, 503)]);
    expect(verdict('I02', history, both)).toBe('held 2');
  });

  it.each([
    ['an overload event', inBand(gpt, 0, 'overloaded')],
    ['a reset', lost(gpt, 0)],
    ['an unknown host', lost(gpt, 0, 'dns')],
    ['a reset after the headers', lost(gpt, 0, 'reset', 100, { reply: { t: 0, status: 200 } })],
    ['a 503', status(gpt, 0, 503)],
  ])('is violated by %s that becomes an error at once', (_, attempt) => {
    expect(verdict('I02', one([attempt], { outcome: 'error' }), both)).toBe('violated 1/1');
    expect(verdict('I02', knowing([attempt]))).toBe('violated 1/2');
  });

  it('names the attempt and the target that was not asked', () => {
    const history = one([inBand(gpt, 0, 'overloaded')], { outcome: 'error' });
    expect(judgeOne('I02', history, both).first).toEqual({
      trial: 1,
      call: 1,
      at: 100_200,
      text:
        'attempt 1 (openai/gpt-4o, 100.0 s): 200 with overloaded in its body after 0.2 s, before ' +
        'any payload. The caller got an error at 100.2 s without a further attempt, although ' +
        'anthropic/claude was not asked.',
    });
  });

  it('is violated where something of the failed attempt shows', () => {
    const history = one([status(gpt, 0, 502), ok(claude, 110)], { outcome: 'leaked' });
    expect(verdict('I02', history)).toBe('violated 1/1');
  });

  it('leaves a leak to I03 where another attempt broke after payload', () => {
    const broken = partly(gpt, 200, { from: 300, to: 400, until: 500, how: 'reset' });
    const history = one([status(gpt, 0, 503), broken, ok(claude, 600)], { outcome: 'leaked' });
    expect(verdict('I02', history)).toBe('held 1');
  });

  it.each([
    ['a spent quota', inBand(gpt, 0, 'quota')],
    ['a bad request', status(gpt, 0, 400)],
    ['a rate limit', status(gpt, 0, 429)],
    ['a reset after payload', partly(gpt, 0, { from: 100, to: 200, until: 300, how: 'reset' })],
    [
      'a preamble that ends as if complete',
      lost(gpt, 0, 'short', 100, { reply: { t: 0, status: 200 } }),
    ],
  ])('does not judge %s', (_, attempt) => {
    expect(verdict('I02', one([attempt], { outcome: 'error' }), both)).toBe('not-applicable');
  });
});

describe('I13 failure of the target', () => {
  it.each([404, 408, 409, 424, 425, 500, 502, 503, 520, 524, 529])(
    'is violated by a %i that ends the call while a target is left',
    (code) => {
      expect(verdict('I13', one([status(gpt, 0, code)], { outcome: 'error' }), both)).toBe(
        'violated 1/1',
      );
      expect(verdict('I13', knowing([status(gpt, 0, code)]))).toBe('violated 1/2');
    },
  );

  it('is violated by retries that never leave the target', () => {
    const history = knowing([lost(gpt, 0), lost(gpt, 500), lost(gpt, 900)]);
    expect(verdict('I13', history)).toBe('violated 1/2');
    expect(judgeOne('I13', history).first?.text).toBe(
      'attempt 5 (openai/gpt-4o, 200.9 s): connection reset after 0.1 s. The caller got an error ' +
        'at 201.0 s; anthropic/claude, which had not failed before, should have been asked.',
    );
  });

  describe('that no client can read', () => {
    const effect = { kind: 'bad-line', at: { at: 'first-token' }, instead: true };
    const opened = { reply: { t: 0, status: 200 }, effect };

    it.each([
      ['an event', lost(gpt, 0, 'aborted', 100, opened)],
      ['a body', lost(gpt, 0, 'complete', 100, { ...opened, start: { stream: false } })],
    ])('is violated by %s that ends the call while a target is left', (_, attempt) => {
      const history = one([attempt], { outcome: 'error' });
      expect(verdict('I13', history, both)).toBe('violated 1/1');
      expect(verdict('I02', history, both)).toBe('violated 1/1');
      expect(judgeOne('I13', history, both).first?.text).toContain('sent what is no JSON');
    });

    it('holds where the next target is asked', () => {
      const attempts = [lost(gpt, 0, 'aborted', 100, opened), ok(claude, 110)];
      expect(verdict('I13', one(attempts, { outcome: 'complete' }), both)).toBe('held 1');
    });

    it.each([
      [
        'behind payload',
        partly(gpt, 0, { from: 9, to: 50, until: 99, how: 'aborted' }, { effect }),
      ],
      ['and that was skipped', ok(gpt, 0, 1000, { effect })],
      ['of a stream that said nothing for long', lost(gpt, 0, 'aborted', 5_000, opened)],
      ['of a stream that ended short', lost(gpt, 0, 'short', 100, opened)],
    ])('does not judge one %s', (_, attempt) => {
      const outcome = attempt.end?.marker ? 'complete' : 'error';
      expect(verdict('I13', one([attempt], { outcome }), both)).toBe('not-applicable');
    });
  });

  it('holds where the next target is asked, even in vain', () => {
    const history = one([status(gpt, 0, 503), status(claude, 110, 529)], { outcome: 'error' });
    expect(verdict('I13', history, both)).toBe('held 1');
  });

  it('does not ask for a target that has as many calls in flight as the chain lets it have', () => {
    const busy = (at: number): AttemptSpec => ok(claude, at + 110, 50_000);
    const bulkhead = (inFlight: number): History => {
      const history = new History();
      for (let i = 0; i < inFlight; i++) {
        history.call([status(gpt, 0, 503), busy(0)], { outcome: 'complete', starts: i * 1_000 });
      }
      return history.call([status(gpt, 0, 503)], { outcome: 'error', starts: 20_000 });
    };
    expect(verdict('I13', bulkhead(4), both)).toBe('held 4');
    const over = bulkhead(4).call([status(gpt, 0, 503)], { outcome: 'error', starts: 90_000 });
    expect(verdict('I13', over, both)).toBe('violated 1/5');
  });

  it('does not ask for a target that the chain says it spares, as long as it is asked often', () => {
    const attempts = [
      { target: gpt, outcome: '503' },
      { target: claude, outcome: 'our own limit' },
    ];
    const error = { name: 'Error', message: '503', causes: [], attempts };
    const often = (starts: number, more = {}): History => {
      const history = new History();
      for (let i = 0; i < 3; i++) {
        history.call([status(gpt, 0, 503), ok(claude, 110)], {
          outcome: 'complete',
          starts: i * 5_000,
        });
      }
      return history.call([status(gpt, 0, 503)], { outcome: 'error', starts, ...more });
    };
    expect(verdict('I13', often(20_000, { answer: { error } }), both)).toBe('held 3');
    expect(verdict('I13', often(20_000), both)).toBe('violated 1/4');
    expect(verdict('I13', often(300_000, { answer: { error } }), both)).toBe('violated 1/4');
  });

  it('is not applicable where the only target of the trial fails', () => {
    const history = one([status(gpt, 0, 503)], { outcome: 'error' });
    expect(verdict('I13', history)).toBe('not-applicable');
    expect(verdict('I13', history, { targets: [gpt] })).toBe('not-applicable');
  });

  it.each([
    ['a target that failed before', knowing([status(gpt, 0, 503), status(claude, 110, 529)])],
    ['a target that lost a race', knowing([status(gpt, 0, 503), lost(claude, 110, 'aborted')])],
  ])('does not ask for %s', (_, history) => {
    history.call([status(gpt, 0, 503)], { outcome: 'error' });
    expect(verdict('I13', history, both)).toBe('held 2');
  });

  it('does not ask for a model behind a credential that was refused', () => {
    const history = one([status(gpt, 0, 401), status(claude, 110, 503)], { outcome: 'error' });
    expect(verdict('I13', history, { targets: [gpt, claude, mini] })).toBe('not-applicable');
  });

  it('knows of a failure in a call that is still open', () => {
    const history = knowing([status(gpt, 0, 503), status(claude, 110, 529), ok(mini, 50_000)], {
      outcome: 'complete',
      starts: 300_000,
    }).call([status(gpt, 0, 503)], { outcome: 'error', starts: 310_000 });
    expect(verdict('I13', history, both)).toBe('held 2');
  });

  it.each([
    ['the deadline is near', { ends: 20_000 }],
    ['the caller has text already', { answer: { chars: 50 } }],
  ])('does not accuse where %s', (_, spec) => {
    const history = one([status(gpt, 0, 503)], { outcome: 'error', ...spec });
    expect(verdict('I13', history, both)).toBe('not-applicable');
  });

  it('does not accuse a chain that never moved on so late in a call', () => {
    const late = knowing([status(gpt, 3000, 503)]);
    expect(verdict('I13', late)).toBe('held 1');
  });

  it('does not accuse where the provider says that no retry helps', () => {
    const history = one([status(gpt, 0, 503, { shouldRetry: false })], { outcome: 'error' });
    expect(verdict('I13', history, both)).toBe('not-applicable');
  });

  it('does not accuse where the attempts are used up', () => {
    const history = one([status(gpt, 0, 503), status(gpt, 500, 503)], { outcome: 'error' });
    expect(verdict('I13', history, { ...both, limits: { attempts: 2 } })).toBe('not-applicable');
  });

  it('does not accuse for a critical sample, or one of another family', () => {
    const critical = one([status(gpt, 0, 503)], { outcome: 'error' });
    expect(verdict('I13', critical, { ...both, critical: ['s1'] })).toBe('not-applicable');
    const other = knowing([status(gpt, 0, 503)], { outcome: 'error', sample: 's2' });
    expect(verdict('I13', other, { families: { s1: 'refunds', s2: 'code' } })).toBe('held 1');
    expect(verdict('I13', other, { families: { s1: 'refunds', s2: 'refunds' } })).toBe(
      'violated 1/2',
    );
  });

  it.each([
    ['a cached answer', { outcome: 'cached' }],
    ["the caller's abort", { outcome: 'aborted' }],
    ['a hung call', { outcome: 'hung', hung: 'proven' }],
  ] as const)('does not take %s for an error', (_, spec) => {
    const history = one([status(gpt, 0, 503)], spec);
    expect(verdict('I13', history, both)).toBe('not-applicable');
  });

  it.each(['empty', 'degraded'] as const)('takes an answer that is %s for none', (outcome) => {
    const history = one([status(gpt, 0, 503)], { outcome });
    expect(verdict('I13', history, both)).toBe('violated 1/1');
    expect(verdict('I02', history, both)).toBe('violated 1/1');
  });

  it('takes no search for what is kept for another target', () => {
    const search = status(mini, 200, 503, {}, { start: { vectors: true } });
    const history = new History()
      .call([status(gpt, 0, 503), search], { outcome: 'error' })
      .call([status(gpt, 0, 503)], { outcome: 'degraded' });
    expect(verdict('I13', history)).not.toMatch('violated');
  });

  it('asks for a target beyond what it is for only where others like it were asked of it', () => {
    const special = { ...both, special: ['s1'] };
    expect(verdict('I13', one([status(gpt, 0, 503)], { outcome: 'error' }), special)).toBe(
      'not-applicable',
    );
    expect(verdict('I13', knowing([status(gpt, 0, 503)]), special)).toBe('violated 1/2');
  });

  it('does not read the order of targets into a chain that goes by what is asked', () => {
    const three = { targets: [gpt, mini, claude] };
    const routed = new History()
      .call([ok(claude, 0)], { outcome: 'complete', sample: 'form' })
      .call([status(gpt, 0, 503), status(mini, 200, 503)], { outcome: 'error' });
    expect(verdict('I13', routed, three)).toBe('held 1');
    const both = one([status(gpt, 0, 503), status(mini, 200, 503)], { outcome: 'error' });
    expect(verdict('I13', both, three)).toBe('violated 1/1');
  });

  it('takes a body that breaks off, of which nobody has shown anything, for a lost connection', () => {
    const flow = { from: 100, to: 200, until: 300, how: 'reset' } as const;
    const whole = partly(gpt, 0, flow, { start: { stream: false } });
    expect(verdict('I13', one([whole], { outcome: 'error' }), both)).toBe('violated 1/1');
    const shown = one([partly(gpt, 0, flow)], { outcome: 'error' });
    expect(verdict('I13', shown, both)).toBe('not-applicable');
  });

  it('leaves errors inside a 200 to I02', () => {
    const history = one([inBand(gpt, 0, 'overloaded')], { outcome: 'error' });
    expect(verdict('I13', history, both)).toBe('not-applicable');
  });

  it('does not ask targets that stand before the failed one', () => {
    const history = one([status(claude, 0, 503)], { outcome: 'error' });
    expect(verdict('I13', history, both)).toBe('not-applicable');
  });

  it('takes another key or region of the model for another target', () => {
    const elsewhere = ok(gpt, 110, 1000, { start: { region: 'eu' } });
    const history = one([status(gpt, 0, 503), elsewhere], { outcome: 'complete' });
    expect(verdict('I13', history)).toBe('held 1');
  });
});
