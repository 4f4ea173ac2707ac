// The texts for people: the summary, the table at the end of a run, the timeline of one call.
import { describe, expect, it } from 'vitest';
import { summaryMd } from '../../harness/formats/summary-md.ts';
import { terminalTable } from '../../harness/formats/terminal-table.ts';
import { callTimeline } from '../../harness/formats/timeline-text.ts';
import { goldenReport, hostile } from './golden.ts';
import { attempt, goldenCall, goldenPlace } from './golden-call.ts';

const plainLook = { colour: false, width: 140 };

describe('summary.md', () => {
  it('says what was breached, against which bound and why', () => {
    const text = summaryMd.render(goldenReport());
    expect(text).toContain('- `latency_ms.p95` is 7.412 s; the bound is `<= 6s`');
    expect(text).toContain('- `recovery_ms` has no value (not recovered); the bound is `<= 2m`');
    expect(text).not.toContain('`availability`');
  });

  it('shows the first violation of a rule and the command that replays it', () => {
    const text = summaryMd.render(goldenReport());
    expect(text).toContain('**I05** attempts per call never exceed the limit');
    expect(text).toContain('First in trial 1, call 312, at 311.200 s');
    expect(text).toContain('`firedrill replay reports/latest --trial 1 --call 312`');
  });

  it('says which answers were authored and which rules were not judged', () => {
    const text = summaryMd.render(goldenReport());
    expect(text).toContain(
      '| openai/gpt-4o | authored | 2026-11-02 | not said | written for the product',
    );
    expect(text).toContain('| baseline | I01 | - | I25 | I04 |');
  });

  it('says which rules no scenario put to the test, and names none that one did', () => {
    const report = goldenReport();
    expect(summaryMd.render(report)).toContain('- **I25** ');
    for (const { invariants } of report.scenarios) {
      for (const row of Object.values(invariants)) row.status = 'held';
    }
    expect(summaryMd.render(report)).not.toContain('put these to the test');
  });

  it('has the smallest drop that could be seen beside every figure of quality', () => {
    const report = goldenReport();
    const [row] = report.scenarios;
    row?.verdicts.push({
      path: 'quality.drop',
      bound: '<= 3%',
      value: 0.042,
      held: false,
      reason: null,
    });
    const text = summaryMd.render(report);
    expect(text).toContain('| 4.2% (-1.1% to 7.3%; mde 3.0%) | 93% answers');
    expect(text).toContain('- `quality.drop` is 4.2% (mde 3.0%); the bound is `<= 3%`');
    expect(text).toContain('| on arithmetic | 91.0% | 85.0% | 6.0% (one sample) | 1 | 60 |');
    expect(text).toContain('| 0% (0% to 0%; the same answers) | 20 | 119 |');
    const end = terminalTable(report, { colour: false, width: 200 });
    expect(end.replace(/\s+/g, ' ')).toContain('4.2% (-1.1% to 93% answers');
    expect(end).toContain('quality.drop is 4.2% (mde 3.0%), wanted <= 3%');
    expect(end).toMatch(/7\.3%; mde 3\.0%\)$/m);
  });

  it('has no table of quality where only the own answers of the primary were served', () => {
    const report = goldenReport();
    for (const row of report.scenarios) {
      row.quality = { ...row.quality, drop: 0, ci95: [0, 0], mde: null };
    }
    expect(summaryMd.render(report)).not.toContain('| answers |');
    expect(summaryMd.render(report)).toContain('| 0% (0% to 0%; the same answers) |');
  });

  it('says what became of calls where a wrong answer is worse than none', () => {
    const text = summaryMd.render(goldenReport());
    expect(text).toContain(
      'Of 40 calls where a wrong answer is worse than none: 30 got an answer as good as the ' +
        "healthy primary's; 4 got a worse one, where 3 should have been told to try later; 5 got " +
        "the application's own words; 1 got no answer.",
    );
  });

  it('says why a figure has no value', () => {
    const report = goldenReport();
    const [row] = report.scenarios;
    if (row) {
      row.latency_ms = { p50: 100, p95: null };
      row.reasons = { 'latency_ms.p95': 'hung' };
    }
    expect(summaryMd.render(report)).toContain('| none: hung |');
  });

  it('keeps its tables and has no markup of others, whatever the words', () => {
    const text = summaryMd.render(goldenReport(hostile));
    const table = text.split('\n').filter((line) => line.startsWith('|'));
    const bars = table.map((line) => line.replace(/\\[\\|]/g, '').split('|').length);
    expect(bars).toEqual(
      [4, 6, 6, 4, 4].flatMap((rows, i) => Array(rows).fill([9, 8, 8, 7, 9][i])),
    );
    const outsideCode = text.replace(/(`+)(?!`).*?[^`]\1(?!`)/g, '');
    expect(outsideCode).not.toMatch(/<|[^\\]\[/);
  });
});

describe('the table at the end of a run', () => {
  it('has a row a scenario with what users saw', () => {
    const lines = terminalTable(goldenReport(), plainLook).split('\n');
    expect(lines[0]).toMatch(/^verdict +scenario +available +p95 +fallback +quality drop +what/);
    expect(lines[1]).toMatch(/^BREACHED +primary-outage +93.0% +7.4 s +61.2% +4.2% .*93% answers/);
    expect(lines.find((line) => line.startsWith('no bar'))).toMatch(/baseline +100.0%/);
  });

  it('has a line for every breach with the command that shows it again', () => {
    const lines = terminalTable(goldenReport(), plainLook).split('\n');
    const again = 'firedrill run primary-outage --chain FILE --seed 7 --trials 2';
    expect(lines).toContain(`primary-outage: latency_ms.p95 is 7.412 s, wanted <= 6s  ${again}`);
    expect(lines).toContain(
      `primary-outage: recovery_ms has no value (not recovered), wanted <= 2m  ${again}`,
    );
    expect(lines).toContain(
      'primary-outage: I05 violated 2x, first in call 312 at 311.200 s: attempts per call never ' +
        'exceed the limit  firedrill replay reports/latest --trial 1 --call 312',
    );
  });

  it('shows the command of the run itself where the report has it', () => {
    const report = goldenReport();
    const again = "firedrill run primary-outage --chain 'my chain.ts' --seed 7";
    report.scenarios.forEach((row) => {
      Object.assign(row, { again });
    });
    expect(terminalTable(report, plainLook)).toContain(`wanted <= 6s  ${again}\n`);
    expect(summaryMd.render(report)).toContain(`Run it again: \`${again}\``);
  });

  it('names only the rules that the threshold is over', () => {
    const report = goldenReport();
    const verdict = report.scenarios[0]?.verdicts.find(({ path }) => path === 'invariants');
    if (verdict) verdict.bound = 'I01, I02';
    expect(terminalTable(report, plainLook)).not.toContain('I05 violated');
  });

  it('ends with one line that says whether all held, the seed and where answers come from', () => {
    const breached = terminalTable(goldenReport(), plainLook).trimEnd().split('\n').at(-1);
    expect(breached).toMatch(
      /^Thresholds were breached in 1 of 2 scenarios\. .*seed 7\..*authored/,
    );
    const report = goldenReport();
    const calm = { ...report, held: true, scenarios: report.scenarios.slice(1) };
    expect(terminalTable(calm, plainLook)).toContain('1 of 1 scenarios have no thresholds.');
    const [row] = calm.scenarios;
    const barred = calm.scenarios.map((each) => ({
      ...each,
      verdicts: [{ path: 'availability', bound: '>= 1', value: 1, held: true, reason: null }],
      faults: (row?.faults ?? []).map(({ fault }) => ({ fault, met: 0 })),
    }));
    const untested = terminalTable({ ...calm, scenarios: barred }, plainLook);
    expect(untested).toMatch(/^untested +baseline/m);
    expect(untested).toContain(
      'All thresholds held in 1 of 1 scenarios. In 1 no request met a fault: nothing was tested.',
    );
  });

  it('breaks a word that is longer than its column, and shows all of it', () => {
    const report = goldenReport();
    const why = `routed around, to ${'anthropic/'.repeat(12)}claude`;
    Object.assign(report.scenarios[0] ?? {}, {
      conduct: { grade: 'partial', pass: 0, partial: 1, safe: 0, fail: 0, why, first: null },
    });
    for (const width of [80, 120]) {
      const shown = terminalTable(report, { colour: false, width });
      const saw = shown.split('\n\n')[0]?.replace(/\s+/g, '') ?? '';
      expect(shown).not.toContain('…');
      expect(saw).toContain('anthropic/claude);93%answers');
    }
  });

  it('keeps within the width, in a narrow terminal with what users saw on lines below', () => {
    for (const width of [80, 100, 140, 200]) {
      const [table = ''] = terminalTable(goldenReport(), { colour: false, width }).split('\n\n');
      for (const line of table.split('\n')) expect(line.length).toBeLessThanOrEqual(width);
      expect(table.replace(/\s+/g, ' ')).toContain('93% answers');
    }
  });

  it('has colours only if asked, and never those of others', () => {
    expect(terminalTable(goldenReport(), { ...plainLook, colour: true })).toContain('\u001b[31m');
    const text = terminalTable(goldenReport(hostile), plainLook);
    expect(text).not.toMatch(/(?!\n)[\p{Cc}\u202e]/u);
  });
});

describe('the timeline of a call', () => {
  it('shows attempts, what was injected, the wait between them and what the caller got', () => {
    expect(callTimeline(goldenCall(), goldenPlace)).toBe(`call 312  double-charge  due 311.200 s
primary-outage, chain gpt-first, trial 1
  0.000 s  attempt 1  openai/gpt-4o (openai-chat, stream)
           injected: reject as server-error, status 503 (rule 1: server-error)
  0.084 s  503 server-error, retry after 0.400 s, body complete
  0.412 s  attempt 2  anthropic/claude-3-5-sonnet (anthropic-messages, stream)
           0.328 s after the end of attempt 1
           injected: cut at 60%, cleanly, as if it were complete (rule 3: truncate)
  0.700 s  200
  0.800 s  first text
  0.810 s  the caller sees the first character
  2.280 s  last text, 188 characters in all
  2.300 s  ends as if complete, but part of the answer was withheld, longest silence 1.210 s, 120 + 47 tokens billed
  2.310 s  answer: truncated - It is only a part of what anthropic/claude-3-5-sonnet was to send, presented as an answer.
           | Dear Ms Lind,
           | your card was charged twice because
           served by anthropic/claude-3-5-sonnet (attempt 2)
           scores 0.40; a healthy primary's answer scores 0.90
           the chain says: served by anthropic/claude-3-5-sonnet
`);
  });

  it('says in every line whose it is where attempts run side by side', () => {
    const record = goldenCall();
    record.attempts = [
      attempt({ t: 311_200, attempt: 1 }, { t: 311_900 }, { t: 314_000, how: 'aborted' }),
      attempt(
        { t: 311_700, attempt: 2 },
        { t: 311_800 },
        { t: 313_000, first: 312_000, last: 312_000, chars: 9 },
      ),
    ];
    const text = callTimeline(record, goldenPlace);
    expect(text).toContain('while attempt 1 is still open');
    expect(text).toContain('0.600 s  attempt 2: 200\n');
    expect(text).toContain('0.800 s  attempt 2: text of 9 characters\n');
    expect(text).toContain('2.800 s  attempt 1: aborted by the chain\n');
  });

  it('shows the error of a call, its causes, and a late question', () => {
    const record = goldenCall();
    record.call.due = 310_000;
    record.outcome = 'error';
    record.because = 'The caller got APIConnectionError: Connection error.';
    record.text = '';
    record.servedBy = null;
    record.answer = {
      e: 'answer',
      t: 313_510,
      call: 312,
      kind: 'error',
      first: null,
      chars: 0,
      score: null,
      error: {
        name: 'APIConnectionError',
        message: 'Connection error.',
        code: 'ECONNRESET',
        causes: ['TypeError: fetch failed', 'Error: read ECONNRESET'],
        attempts: [{ target: 'openai/gpt-4o', outcome: 'reset' }],
      },
    };
    const text = callTimeline(record, goldenPlace);
    expect(text).toContain('  1.200 s  asked, 1.200 s late\n');
    expect(text).toContain('  3.510 s  answer: error - The caller got APIConnectionError');
    expect(text).toContain('           cause: Error: read ECONNRESET\n');
    expect(text).toContain('           the error lists: openai/gpt-4o (reset)\n');
  });

  it('shows a call that never ended, and an attempt without an end', () => {
    const record = goldenCall();
    record.attempts = [attempt({ t: 311_200, attempt: 1 }, null, null)];
    record.answer = null;
    record.outcome = 'hung';
    record.because = 'Nothing is left that could end it: no timer, no request.';
    record.hung = { e: 'hung', t: 400_000, call: 312, how: 'proven' };
    const text = callTimeline(record, goldenPlace);
    expect(text).toContain('88.800 s  no answer: hung - Nothing is left');
    expect(text).toContain('attempt 1 has no end in the history');
  });

  it('shows what the caller did instead of waiting, and when the chain took notice', () => {
    const record = goldenCall();
    const at = { t: 312_000, call: 312 };
    record.caller = { e: 'caller', ...at, did: 'abort', why: '0.8s after it asked' };
    record.answer = { ...at, e: 'answer', kind: 'aborted', first: null, chars: 0, score: null };
    record.releasedAt = 312_000;
    const prompt = callTimeline(record, goldenPlace);
    expect(prompt).toContain('  0.800 s  the caller aborts: 0.8s after it asked\n');
    expect(prompt).not.toContain('lets go');
    record.releasedAt = 320_000;
    expect(callTimeline(record, goldenPlace)).toContain('8.800 s  the chain lets go of it\n');
    record.releasedAt = null;
    record.caller.did = 'deadline';
    const never = callTimeline(record, goldenPlace);
    expect(never).toContain('  0.800 s  the caller gives up: ');
    expect(never.trimEnd().endsWith('the chain never lets go of it')).toBe(true);
  });

  it('shows the first 300 characters of a text and says how many are left', () => {
    const record = goldenCall('x'.repeat(1_000));
    const text = callTimeline(record, goldenPlace);
    expect(text).toContain(`| ${'x'.repeat(300)}\n`);
    expect(text).toContain('(700 characters more)');
  });

  it('passes nothing on that a terminal obeys', () => {
    expect(callTimeline(goldenCall(hostile), goldenPlace)).not.toMatch(/(?!\n)[\p{Cc}\u202e]/u);
  });
});
