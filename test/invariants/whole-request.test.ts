// I18 on hand-made histories.
import { describe, expect, it } from 'vitest';
import type { AttemptEvent } from '../../harness/history.ts';
import type { AttemptSpec } from './histories.ts';
import {
  claude,
  gpt,
  History,
  judgeOne,
  lost,
  mini,
  ok,
  one,
  partly,
  status,
  verdict,
} from './histories.ts';

const asked = (start: Partial<AttemptEvent>) => ({ start });

function standsIn(first: AttemptSpec, start: Partial<AttemptEvent>): History {
  return one([first, ok(claude, 3_000, 900, { start })], { outcome: 'complete' });
}

const failed = (start: Partial<AttemptEvent> = {}) => status(gpt, 0, 503, {}, asked(start));

describe('who stands in', () => {
  it('gets the question as the first target got it', () => {
    expect(verdict('I18', standsIn(failed(), {}))).toBe('held 1');
  });

  it('is told what was lost, and to whom it had been given', () => {
    const history = standsIn(failed(), { lacks: ['system', 'tools'] });
    expect(judgeOne('I18', history).first?.text).toBe(
      'attempt 1 (openai/gpt-4o, 100.0 s): 503 after 0.1 s, and it had been asked with the system ' +
        'prompt of the question and the tools of the question. attempt 2 (anthropic/claude, ' +
        '103.0 s) was asked without; who stands in should get all of the question, or be skipped.',
    );
  });

  it('may lack what the first one lacked', () => {
    expect(verdict('I18', standsIn(failed({ lacks: ['schema'] }), { lacks: ['schema'] }))).toBe(
      'held 1',
    );
  });

  it('gets the tools with what they take', () => {
    const history = standsIn(failed(), { lacks: ['parameters'] });
    expect(judgeOne('I18', history).first?.text).toContain(
      'it had been asked with the parameters of its tools.',
    );
    const lacks = ['parameters' as const];
    expect(verdict('I18', standsIn(failed({ lacks }), { lacks }))).toBe('held 1');
  });

  it('gets what the tools said', () => {
    const history = standsIn(failed({ turn: 2 }), { turn: 2, lacks: ['results'] });
    expect(judgeOne('I18', history).first?.text).toContain(
      'it had been asked with the results of its tools.',
    );
    const later = standsIn(failed({ turn: 2 }), { turn: 3, lacks: ['results'] });
    expect(verdict('I18', later)).toBe('held 1');
    // A tool that says nothing says nothing to anybody.
    const lacks = ['results' as const];
    expect(verdict('I18', standsIn(failed({ lacks }), { lacks }))).toBe('held 1');
  });

  it('may lack what belongs to another turn', () => {
    const history = standsIn(failed({ turn: 2 }), { turn: 3, lacks: ['tools'] });
    expect(verdict('I18', history)).toBe('held 1');
  });

  it('is not confused with who is asked something else beside', () => {
    const title = ok(claude, 3_000, 500, asked({ lacks: ['question', 'system', 'schema'] }));
    const history = one([failed(), title, ok(claude, 3_600)], { outcome: 'complete' });
    expect(verdict('I18', history)).toBe('held 1');
    const check = ok(claude, 3_000, 500, asked({ lacks: ['system', 'schema'] }));
    const checked = one([failed(), check, ok(claude, 3_600)], { outcome: 'complete' });
    expect(verdict('I18', checked)).toBe('held 1');
    const first = one([ok(gpt, 0), ok(claude, 3_000, 500, asked({ lacks: ['schema'] }))], {
      outcome: 'complete',
      by: 0,
    });
    expect(verdict('I18', first)).toBe('held 1');
  });

  it('is not confused with a check of a whole answer, also where that fails', () => {
    const check = status(mini, 4_600, 503, {}, asked({ lacks: ['system'] }));
    const checked = one([failed(), ok(claude, 3_600), check], { outcome: 'complete', by: 1 });
    expect(verdict('I18', checked)).toBe('held 1');
    const early = status(mini, 3_000, 503, {}, asked({ lacks: ['system'] }));
    const tried = one([failed(), early, ok(claude, 3_600)], { outcome: 'complete' });
    expect(verdict('I18', tried)).toBe('violated 1/1');
  });

  it('must get the pictures too', () => {
    expect(verdict('I18', standsIn(failed({ images: 2 }), { images: 2 }))).toBe('held 1');
    const history = standsIn(failed({ images: 2 }), { images: 1 });
    expect(judgeOne('I18', history).first?.text).toContain('asked with 1 more image.');
  });

  it('must get the system prompt where it goes on, and no schema of the whole', () => {
    const cut = partly(gpt, 0, { from: 300, to: 900, until: 1_000, how: 'reset' });
    const call = (start: Partial<AttemptEvent>) =>
      one([cut, ok(claude, 3_000, 900, { start })], {
        outcome: 'continued',
        answer: { first: 100_300 },
      });
    expect(verdict('I18', call({ lacks: ['schema'] }))).toBe('held 1');
    expect(verdict('I18', call({ lacks: ['system'] }))).toBe('violated 1/1');
  });
});

describe('who is asked while the first one is silent', () => {
  const silent = (start: Partial<AttemptEvent> = {}) =>
    lost(gpt, 0, 'aborted', 2_900, asked(start));
  const hedge = (start: Partial<AttemptEvent>) => ok(claude, 2_000, 900, asked(start));
  const served = { outcome: 'complete', by: 1 } as const;

  it('gets all of the question too', () => {
    expect(verdict('I18', one([silent(), hedge({})], served))).toBe('held 1');
    for (const lack of ['system', 'schema', 'tools'] as const) {
      const history = one([silent(), hedge({ lacks: [lack] })], served);
      expect(verdict('I18', history)).toBe('violated 1/1');
    }
    expect(judgeOne('I18', one([silent(), hedge({ lacks: ['system'] })], served)).first?.text).toBe(
      'attempt 1 (openai/gpt-4o, 100.0 s): given up by the chain after 2.9 s, and it had been ' +
        'asked with the system prompt of the question. attempt 2 (anthropic/claude, 102.0 s) was ' +
        'asked without; who stands in should get all of the question, or be skipped.',
    );
  });

  it('may be asked at the same time', () => {
    const both = [ok(claude, 0, 900, asked({ lacks: ['schema'] })), silent()];
    expect(verdict('I18', one(both, { outcome: 'complete', by: 0 }))).toBe('violated 1/1');
  });

  it('may lack what the first one lacked, and what belongs to another turn', () => {
    const lacks = ['system' as const];
    expect(verdict('I18', one([silent({ lacks }), hedge({ lacks })], served))).toBe('held 1');
    expect(verdict('I18', one([silent(), hedge({ lacks, turn: 2 })], served))).toBe('held 1');
  });

  it('is not confused with a check beside, whatever becomes of it', () => {
    const lacks = ['system' as const];
    const first = ok(gpt, 0, 4_000);
    const whole = { outcome: 'complete', by: 0 } as const;
    expect(verdict('I18', one([first, hedge({ lacks })], whole))).toBe('held 1');
    const failing = status(claude, 10, 503, {}, asked({ lacks }));
    expect(verdict('I18', one([first, failing], whole))).toBe('held 1');
    // A guard of its own, that wants JSON, goes before whom the chain asks without a schema.
    const guard = ok(claude, 0, 300, asked({ lacks }));
    const answering = ok(gpt, 10, 900, asked({ lacks: ['schema'] }));
    expect(verdict('I18', one([guard, answering], served))).toBe('held 1');
  });

  it('is not confused with who rewrites what the first one is saying', () => {
    const draft = ok(gpt, 0, 4_000);
    expect(verdict('I18', one([draft, hedge({ lacks: ['system'] })], served))).toBe('held 1');
  });
});

describe('who is asked while the first one is left alone', () => {
  const lacks = ['system' as const];
  const whole = { outcome: 'complete' } as const;
  const usual = (calls: number, start: Partial<AttemptEvent> = {}) => {
    const history = new History();
    for (let n = 0; n < calls; n++) history.call([ok(gpt, 0, 900, asked(start))], whole);
    return history;
  };
  const down = (history: History) => history.call([failed(), ok(claude, 300)], whole);
  const alone = (history: History, start: Partial<AttemptEvent> = { lacks }) =>
    history.call([ok(claude, 0, 900, asked(start))], whole);

  it('gets what the first one always got', () => {
    expect(verdict('I18', alone(down(usual(3)), {}))).toBe('held 2');
    expect(verdict('I18', alone(down(usual(3))))).toBe('violated 1/2');
    expect(judgeOne('I18', alone(down(usual(3)))).first?.text).toBe(
      'attempt 6 (anthropic/claude, 500.0 s): complete after 0.9 s. It was asked without the ' +
        'system prompt of the question, while openai/gpt-4o had failed and was left alone; all ' +
        'its requests of s1 had it. Who stands in should get all of the question, or be skipped.',
    );
  });

  it('may lack what the first one lacked once, and what is not a habit yet', () => {
    expect(verdict('I18', alone(down(alone(usual(3, { lacks }), {}))))).not.toContain('violated');
    const varied = usual(3).call([ok(gpt, 0, 900, asked({ lacks }))], whole);
    expect(verdict('I18', alone(down(varied)))).toBe('held 2');
    expect(verdict('I18', alone(down(usual(1))))).toBe('held 2');
    const other = down(usual(3)).call([ok(claude, 0, 900, asked({ lacks }))], {
      ...whole,
      sample: 's2',
    });
    expect(verdict('I18', other)).toBe('held 2');
  });

  it('stands in for nobody where the first one is well, or calls begin with either', () => {
    expect(verdict('I18', alone(usual(3)))).toBe('held 1');
    const turnedDown = usual(3).call([status(gpt, 0, 400)], { outcome: 'error' });
    expect(verdict('I18', alone(turnedDown))).toBe('held 1');
    expect(verdict('I18', alone(down(alone(usual(3)))))).toBe('held 3');
    expect(verdict('I18', alone(down(usual(3)).call([ok(gpt, 0)], whole)))).toBe('held 2');
  });

  it('is not confused with who is asked something else', () => {
    const summary = { lacks: ['question' as const, 'system' as const] };
    const history = down(usual(3)).call([ok(claude, 0, 900, asked(summary)), ok(mini, 1_000)], {
      outcome: 'complete',
    });
    expect(verdict('I18', history)).toBe('held 2');
  });
});

describe('a form that nobody can read', () => {
  const guarded = (is: string, target = claude, more: object = {}) => {
    const effect = {
      kind: 'reject',
      rejection: { reason: 'invalid-request', flaw: { is, ...more } },
    };
    const first = target === gpt ? [] : [failed()];
    return one([...first, status(target, 300, 400, {}, { effect, fault: 'guard' })], {
      outcome: 'error',
    });
  };

  it.each(['images', 'tools', 'schema', 'prefill'])('is %s, at a fallback', (is) => {
    expect(verdict('I18', guarded(is))).toBe('violated 1/1');
    expect(verdict('I18', guarded(is, gpt))).toBe('not-applicable');
  });

  it.each(['foreign-ids', 'foreign-signatures', 'missing-signatures', 'long-id'])(
    'is %s, wherever it comes',
    (is) => {
      expect(verdict('I18', guarded(is))).toBe('violated 1/1');
      expect(verdict('I18', guarded(is, gpt))).toBe('violated 1/1');
    },
  );

  it('is a size that a chain can know to be too much', () => {
    const size = (output: number) =>
      guarded('context', claude, { limit: 1000, input: 200, output });
    expect(verdict('I18', size(64_000))).toBe('violated 1/1');
    expect(judgeOne('I18', size(64_000)).first?.text).toContain(
      '64200 tokens for a context of 1000',
    );
    expect(verdict('I18', size(1_024))).toBe('held 1');
  });
});

describe('vectors', () => {
  const small = 'openai/small';
  const ada = 'openai/ada';
  const vectors = (target: string, at: number, start: Partial<AttemptEvent> = {}) =>
    ok(target, at, 200, { start: { vectors: true, width: 1536, ...start } });
  const documents = (target: string, start: Partial<AttemptEvent> = {}) =>
    new History().call([vectors(target, 0, { inputs: 6, ...start })], { outcome: 'complete' });
  const found = { outcome: 'complete', by: null } as const;

  it('of one model find documents of the same model', () => {
    const history = documents(small).call([vectors(small, 0)], found);
    expect(verdict('I18', history)).not.toContain('violated');
  });

  it('of another model find nothing among them', () => {
    const history = documents(small).call([vectors(ada, 0)], found);
    expect(judgeOne('I18', history).first?.text).toContain(
      'the answer was found with its vector among documents whose vectors openai/small had made',
    );
  });

  it('find documents that their own model has made, at any time', () => {
    const both = [vectors(ada, 0), vectors(ada, 400, { inputs: 6 })];
    expect(verdict('I18', documents(small).call(both, found))).not.toContain('violated');
  });

  it('may be of a model whose documents are kept elsewhere', () => {
    const history = new History().call([vectors(ada, 0)], found);
    expect(verdict('I18', history)).not.toContain('violated');
  });

  it('of another width are asked for once and not again', () => {
    const view = { outcome: 'error' } as const;
    const ask = () => [status('openai/gpt-4o', 0, 503, {}, asked({ vectors: true, width: 1536 }))];
    const wide = (at: number) => vectors(ada, at, { width: 768 });
    const history = new History()
      .call([...ask(), wide(300)], view)
      .call([...ask(), wide(300)], view);
    expect(verdict('I18', history)).toBe('violated 1/2');
    expect(judgeOne('I18', history).first?.text).toContain(
      '768 wide and those of openai/gpt-4o 1536',
    );
  });
});
