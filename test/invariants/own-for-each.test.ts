// I17 on hand-made histories.
import { describe, expect, it } from 'vitest';
import type { AttemptSpec } from './histories.ts';
import { claude, gpt, History, judgeOne, mini, ok, one, status, verdict } from './histories.ts';

const targets = [gpt, claude, mini];

function rejected(flaw: object, at = 300, target = claude): AttemptSpec {
  const effect = { kind: 'reject', rejection: { reason: 'invalid-request', flaw } };
  return status(target, at, 400, {}, { effect, fault: 'guard' });
}

const parameter = { is: 'unsupported-parameter', name: 'frequency_penalty' };

describe('a request to another target', () => {
  it('is well with a key, a model and parameters of its own', () => {
    const history = one([status(gpt, 0, 503), ok(claude, 300)], { outcome: 'complete' });
    expect(verdict('I17', history)).toBe('held 1');
  });

  it('is no test where nobody else is asked', () => {
    const history = one([status(gpt, 0, 503), ok(gpt, 300)], { outcome: 'complete' });
    expect(verdict('I17', history)).toBe('not-applicable');
  });

  it('must not have the key of another provider', () => {
    const history = one(
      [
        status(gpt, 0, 503),
        ok(claude, 300, 900, { start: { foreign: 'key', key: 'key of openai' } }),
      ],
      {
        outcome: 'complete',
      },
    );
    expect(verdict('I17', history)).toBe('violated 1/1');
    expect(judgeOne('I17', history).first?.text).toBe(
      'attempt 2 (anthropic/claude, 100.3 s): complete after 0.9 s. It was sent with the key of ' +
        'another provider, which anthropic can read now; each target should get its own.',
    );
  });

  it('may have a key that nobody else is asked with, whatever it is called', () => {
    const start = { foreign: 'key' } as const;
    const history = one([status(gpt, 0, 503), ok(claude, 300, 900, { start })], {
      outcome: 'complete',
    });
    expect(verdict('I17', history)).toBe('held 1');
  });

  it('must not have it elsewhere either, and the words never say which it is', () => {
    const secret = { of: 'openai', in: 'the header x-upstream-key' };
    const history = one([status(gpt, 0, 503), ok(claude, 300, 900, { start: { secret } })], {
      outcome: 'complete',
    });
    expect(judgeOne('I17', history).first?.text).toContain(
      'The header x-upstream-key has the key of openai, which anthropic can read now',
    );
  });

  it('must not name a model of another provider, unless the host knows it', () => {
    const start = { foreign: 'model' as const };
    const unknown = one([status(gpt, 0, 503), status(claude, 300, 404, {}, { start })], {
      outcome: 'error',
    });
    expect(verdict('I17', unknown)).toBe('violated 1/1');
    const known = one([status(gpt, 0, 503), ok(claude, 300, 900, { start })], {
      outcome: 'complete',
    });
    expect(verdict('I17', known)).toBe('held 1');
  });
});

describe('what a fallback does not take', () => {
  it('must not be sent to it', () => {
    const history = one([status(gpt, 0, 503), rejected(parameter)], { outcome: 'error' });
    expect(judgeOne('I17', history).first?.text).toContain(
      '400 after 0.1 s. The request brought the parameter frequency_penalty, which ' +
        'anthropic/claude does not take',
    );
  });

  it('may be left out when it has been turned down', () => {
    const history = one(
      [status(gpt, 0, 503), rejected(parameter), ok(claude, 500, 900, { start: { body: 'less' } })],
      { outcome: 'complete' },
    );
    expect(verdict('I17', history)).toBe('held 1');
  });

  it('may not be sent again as it was', () => {
    const history = one([status(gpt, 0, 503), rejected(parameter), rejected(parameter, 600)], {
      outcome: 'error',
    });
    expect(verdict('I17', history)).toBe('violated 1/1');
  });

  it('is no matter of the primary, which gets what the question needs', () => {
    const history = one([rejected(parameter, 0, gpt), ok(claude, 300)], { outcome: 'complete' });
    expect(verdict('I17', history)).toBe('held 1');
  });

  it.each([
    [64_000, 'violated 1/1'],
    [1_024, 'held 1'],
  ])('is %i tokens of output: %s', (asked, expected) => {
    const flaw = { is: 'output', limit: 512, asked };
    const history = one([status(gpt, 0, 503), rejected(flaw)], { outcome: 'error' });
    expect(verdict('I17', history)).toBe(expected);
  });

  it('may be what the provider itself objects to', () => {
    const rejection = { reason: 'invalid-request', message: 'temperature: range: 0..1' };
    const attempt = status(claude, 300, 400, {}, { effect: { kind: 'reject', rejection } });
    const history = one([status(gpt, 0, 503), attempt], { outcome: 'error' });
    expect(verdict('I17', history)).toBe('held 1');
    const effect = history.records[0]?.attempts[1]?.effects[0];
    if (effect) effect.rule = -1;
    expect(verdict('I17', history)).toBe('violated 1/1');
  });
});

describe('a switch that was announced', () => {
  const call = (served: string, second: string) =>
    new History().call([status(gpt, 0, 503), ok(second, 300)], {
      outcome: 'complete',
      answer: { meta: { served } },
    });

  it('is seen on the wire', () => {
    expect(verdict('I17', call(claude, claude), { targets })).toBe('held 1');
  });

  it('is none where the first target is asked again', () => {
    expect(judgeOne('I17', call(claude, gpt), { targets }).first?.text).toContain(
      'The chain says that anthropic/claude served then; attempt 2 (openai/gpt-4o, 100.3 s) went ' +
        'to openai/gpt-4o again, and anthropic/claude was never asked',
    );
  });

  it('is not read out of a wrong name for the fallback', () => {
    expect(verdict('I17', call(gpt, claude), { targets })).toBe('held 1');
  });
});
