import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { outcomes } from '../../harness/outcome/outcomes.ts';
import {
  historyOf,
  primary,
  recordsOf,
  second,
  textOf,
  third,
  viewOf,
} from '../scorers/hand-made.ts';
import { claude, cutAt, down, gpt, last, ok, one, sorry, texts } from './one-call.ts';

describe('what nobody answered', () => {
  it('is aborted where the caller gave up, even after text', () => {
    const answer = { kind: 'aborted' as const, chars: 20 };
    expect(one({ attempts: [cutAt(20)], answer }).outcome).toBe('aborted');
  });

  it.each(['proven', 'cut', 'spinning'] as const)('is hung (%s)', (how) => {
    const record = one({ attempts: [{ how: 'open', chars: 0 }], hung: how });
    expect(record).toMatchObject({ outcome: 'hung', text: '', servedBy: null });
    expect(record.because).not.toBe('');
  });

  it('is hung where the history ends first', () => {
    expect(one({ attempts: [{}] }).outcome).toBe('hung');
  });

  it('is an error, with its name and whether text came before', () => {
    const error = { name: 'APIError', message: '503 down', causes: [] };
    const record = one({ attempts: [down], answer: { kind: 'error', chars: 12, error } });
    expect(record).toMatchObject({ outcome: 'error', servedBy: null });
    expect(record.because).toBe('The caller got APIError: 503 down, after 12 characters');
  });
});

describe('a whole answer', () => {
  it('is complete, and says who served', () => {
    const record = one({ attempts: [down, ok], text: claude });
    expect(record).toMatchObject({ outcome: 'complete', text: claude, cachedFrom: null });
    expect(record.servedBy).toBe(record.attempts[1]);
    expect(record.healthy?.text).toBe(gpt);
  });

  it('is complete whatever white space the chain put around it', () => {
    const record = one({ attempts: [{}], answer: { text: `\n ${gpt}\n\n` } });
    expect(record.outcome).toBe('complete');
  });

  it('is complete without a terminal marker, and the reason says so', () => {
    const record = one({ attempts: [{ how: 'reset', marker: false }], text: gpt });
    expect(record.outcome).toBe('complete');
    expect(record.because).toContain('no terminal marker');
  });

  it('is of the last attempt that sent it where two targets have the same answer', () => {
    const same = [textOf(primary, '42'), textOf(second, '42')];
    const spec = { attempts: [{}, ok], text: '42' };
    const [record] = recordsOf(historyOf([spec], same));
    expect(record?.servedBy?.target).toBe(second);
    const cut = { attempts: [{ ...cutAt(1) }, ok], text: '42' };
    const [other] = recordsOf(historyOf([cut], same));
    expect(other?.servedBy?.target).toBe(second);
  });

  it('is not made truncated by a longer answer of another target that begins like it', () => {
    const alike = [textOf(primary, 'Yes, within a week.'), textOf(second, 'Yes')];
    const [record] = recordsOf(historyOf([{ attempts: [cutAt(5), ok], text: 'Yes' }], alike));
    expect(record).toMatchObject({ outcome: 'complete', servedBy: { target: second } });
  });

  it('is complete where an attempt sent it that cannot be attributed', () => {
    const record = one({ attempts: [{ stray: true }], text: gpt });
    expect(record).toMatchObject({ outcome: 'complete', servedBy: { target: primary } });
    expect(record.attempts).toEqual([]);
  });

  it('is complete where the chain reworked it', () => {
    const record = one({ attempts: [{}], text: '{ "days": 5 }' });
    expect(record).toMatchObject({ outcome: 'complete', servedBy: { target: primary } });
    expect(record.because).toContain('reworked');
  });

  it('stays complete where the chain reworks every answer in the same way', () => {
    const spec = { attempts: [{}], text: '{ "days": 5 }' };
    expect(last([spec, spec]).outcome).toBe('complete');
  });

  it('is malformed where the sample demands a schema and it does not parse', () => {
    const answer = { wellFormed: false as const };
    expect(one({ attempts: [{}], text: gpt, answer })).toMatchObject({
      outcome: 'malformed',
      servedBy: { target: primary },
    });
  });

  it('is complete though it equals the reply that the chain declares', () => {
    const view = viewOf({ trial: { degradeText: gpt } });
    expect(one({ attempts: [{}], text: gpt }, view).outcome).toBe('complete');
    expect(one({ attempts: [down], text: gpt }, view).outcome).toBe('degraded');
  });

  it('is complete in a page or an envelope of the chain, where nothing has failed', () => {
    const page = `<html><body><p>${gpt}</p></body></html>`;
    expect(one({ attempts: [{}], text: page }).outcome).toBe('complete');
    expect(one({ attempts: [down, ok], text: page.replace(gpt, claude) }).outcome).toBe('complete');
    expect(one({ attempts: [{}], text: `{"error":null,"answer":"${gpt}"}` }).outcome).toBe(
      'complete',
    );
    const failed = `<html>502 Bad Gateway</html> ${claude}`;
    expect(one({ attempts: [down, ok], text: failed }).outcome).toBe('leaked');
  });

  it('is refused where the target refused', () => {
    const no = [textOf(primary, 'I cannot help with that.', { refusal: true })];
    const spec = { attempts: [{}], text: 'I cannot help with that.' };
    expect(recordsOf(historyOf([spec], no))[0]?.outcome).toBe('refused');
  });

  it('is not what the chain says it is, but what the wire shows', () => {
    const meta = { served: 'cache', degraded: true };
    expect(one({ attempts: [{}], text: gpt, answer: { meta } }).outcome).toBe('complete');
  });
});

describe('a broken answer', () => {
  it('is truncated at any place', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: gpt.length - 1 }), fc.boolean(), (chars, clean) => {
        const attempt = { chars, how: clean ? ('short' as const) : ('reset' as const) };
        const record = one({ attempts: [attempt], text: gpt.slice(0, chars) });
        expect(record).toMatchObject({ outcome: 'truncated', servedBy: { target: primary } });
      }),
    );
  });

  it('is truncated where the chain itself cut it', () => {
    expect(one({ attempts: [{}], text: gpt.slice(0, 30) }).outcome).toBe('truncated');
  });

  it('is truncated, not malformed, where the cut broke the JSON', () => {
    const answer = { wellFormed: false as const };
    const record = one({ attempts: [cutAt(30)], text: gpt.slice(0, 30), answer });
    expect(record.outcome).toBe('truncated');
  });

  it('is truncated where words of the chain follow the part', () => {
    const text = `${gpt.slice(0, 30)}... (${sorry})`;
    expect(one({ attempts: [cutAt(30), { ...ok, status: 500 }], text }).outcome).toBe('truncated');
  });

  it('is spliced where a whole answer follows a part of another at any place', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: gpt.length - 1 }), (chars) => {
        const text = gpt.slice(0, chars) + claude;
        const record = one({ attempts: [cutAt(chars), ok], text });
        expect(record).toMatchObject({ outcome: 'spliced', servedBy: { target: second } });
      }),
    );
  });

  it('is spliced where a retry repeats what was shown', () => {
    const text = gpt.slice(0, 20) + gpt;
    expect(one({ attempts: [cutAt(20), { from: 300 }], text }).outcome).toBe('spliced');
  });

  it('is spliced over three targets', () => {
    const more = [...texts, textOf(third, 'Five days. Weekends do not count.')];
    const text = `${gpt.slice(0, 20)}${claude.slice(0, 15)}Five days. Weekends do not count.`;
    const attempts = [cutAt(20), { ...ok, ...cutAt(15) }, { target: third, from: 500 }];
    expect(recordsOf(historyOf([{ attempts, text }], more))[0]?.outcome).toBe('spliced');
  });

  it('is continued where another target sends what was left', () => {
    const rest = [texts[0] ?? textOf(primary, ''), textOf(second, gpt.slice(20))];
    const [record] = recordsOf(historyOf([{ attempts: [cutAt(20), ok], text: gpt }], rest));
    expect(record).toMatchObject({ outcome: 'continued', servedBy: { target: second } });
  });

  it('is empty, whoever sent nothing, and white space is nothing', () => {
    const record = one({ attempts: [{ chars: 0 }], answer: { text: ' \n' } });
    expect(record).toMatchObject({ outcome: 'empty', servedBy: { target: primary } });
    expect(one({ attempts: [down], answer: { text: '' } })).toMatchObject({
      outcome: 'empty',
      servedBy: null,
    });
  });
});

describe('what must not be shown', () => {
  const leaks: [string, string, object?][] = [
    ['an HTML page', '<!DOCTYPE html><html><body>502 Bad Gateway</body></html>'],
    ['an error body', '{"error": {"message": "Rate limit reached", "code": null}}'],
    ['an error event', 'event: error\ndata: {"type":"error"}'],
    ['the status of a failed attempt', '503 The server is overloaded'],
    ['the status behind a name', 'Error: 503 status code (no body)'],
    ['a transport error', 'Connection error.'],
    ['the code of a transport error', 'Something broke: read ECONNRESET'],
    ['a part with an error behind it', `${gpt.slice(0, 25)}{"error":{"message":"overloaded"}}`],
    ['a marker', `${gpt.slice(0, 25)}\n[DONE]`],
    [
      'the words of a limit before a whole answer',
      `Rate limit reached for gpt-4o in organization org-firedrill on requests per min.\n\n${gpt}`,
    ],
    [
      'the words of a spent quota',
      'You exceeded your current quota, please check your plan and billing details.',
    ],
    [
      'the words of a server error',
      'An error occurred while processing your request. You can retry your request, or contact us through our help center at help.openai.com',
    ],
  ];
  it.each(leaks)('is leaked: %s', (_, text) => {
    const record = one({ attempts: [cutAt(25), { ...ok, status: 503 }], text });
    expect(record).toMatchObject({ outcome: 'leaked', servedBy: null });
  });

  it('is leaked: the message that the scenario gave an error', () => {
    const effect = {
      kind: 'reject',
      rejection: { reason: 'server-error', message: 'disk 7 is on fire' },
    };
    const text = 'Sorry, disk 7 is on fire!';
    expect(one({ attempts: [{ ...down, effect }], text }).outcome).toBe('leaked');
  });

  it('is no leak where the question is about such things', () => {
    const html = [textOf(primary, 'Begin with <html> and end with </html>.')];
    const spec = { attempts: [{}], text: 'Try <html> and </html>' };
    expect(recordsOf(historyOf([spec], html))[0]?.outcome).toBe('complete');
  });
});

describe('a reply that no target sent', () => {
  it('is degraded where the chain declares it', () => {
    const view = viewOf({ trial: { degradeText: `${sorry}\n` } });
    expect(one({ attempts: [down], text: sorry }, view)).toMatchObject({
      outcome: 'degraded',
      servedBy: null,
    });
  });

  it('is degraded without a word of the chain', () => {
    expect(one({ attempts: [down, { ...ok, status: 529 }], text: sorry }).outcome).toBe('degraded');
  });

  it('is degraded each time, and not taken from a cache', () => {
    const spec = { attempts: [down], text: sorry };
    expect(last([spec, spec])).toMatchObject({ outcome: 'degraded', cachedFrom: null });
  });

  it('is degraded also where the chain once said it although a target had answered', () => {
    const calls = [
      { attempts: [{}], text: sorry },
      { sample: 's2', attempts: [down], text: sorry },
    ];
    expect(last(calls).outcome).toBe('degraded');
  });

  it('is degraded where the chain says so although a target answered', () => {
    const answer = { meta: { degraded: true } };
    expect(one({ attempts: [{}], text: 'Later, please.', answer }).outcome).toBe('degraded');
  });

  it('is malformed where it had to be JSON: the first outcome that applies', () => {
    const answer = { wellFormed: false as const };
    expect(one({ attempts: [down], text: sorry, answer }).outcome).toBe('malformed');
  });
});

it('gives every call one known outcome and a reason, whatever its texts', () => {
  const word = fc.constantFrom('', 'a', 'ab', 'abc', 'b', 'ba', gpt, claude, sorry, '{"error":{');
  const attempt = fc.record({
    target: fc.constantFrom(primary, second, third),
    how: fc.constantFrom('complete' as const, 'short' as const, 'reset' as const),
    chars: fc.nat({ max: 70 }),
    status: fc.constantFrom(200, 200, 503),
  });
  fc.assert(
    fc.property(
      fc.array(word, { minLength: 3, maxLength: 3 }),
      fc.array(attempt, { maxLength: 4 }),
      fc.array(word, { maxLength: 3 }),
      ([a = '', b = '', c = ''], attempts, said) => {
        const book = [textOf(primary, a), textOf(second, b), textOf(third, c)];
        const calls = [{ attempts, answer: { text: said.join('') } }];
        const [record] = recordsOf(historyOf(calls, book));
        expect(outcomes).toContain(record?.outcome);
        expect(record?.because.length).toBeGreaterThan(5);
        expect(record?.text).toBe(said.join(''));
      },
    ),
  );
});
