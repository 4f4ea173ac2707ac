// junit.xml: what CI systems show as tests. A suite is a scenario, a test is a threshold; rules
// that a threshold asks for are a test each. It fails where the run ends with 1, and nowhere else.
import type { Builder, TestCase, TestSuite } from 'junit-report-builder';
import junitReportBuilder from 'junit-report-builder';
import type { InvariantRow, Report, ScenarioRow } from '../report.ts';
import { askedRules, breachesOf } from './breaches.ts';
import { oneLine } from './clean-text.ts';
import { clockText } from './figure-text.ts';
import type { ReportFormat } from './format.ts';
import { answersIn, answersSaid } from './provenance-text.ts';
import { isUntested, scenarioCells } from './scenario-cells.ts';

/** Its types describe the form for require, in which this is one level deeper. */
const root = junitReportBuilder as unknown as Builder;

export const junitXml: ReportFormat = {
  kind: 'report',
  file: 'junit.xml',
  describe: 'thresholds and rules as tests, for CI systems (JUnit XML)',
  render(report) {
    const builder = root.newBuilder().name(text(`firedrill ${report.chain}`));
    for (const row of report.scenarios) addSuite(builder, report, row);
    // The schemas know the count of skipped tests in suites, not at the root.
    return `${builder.build().replace(/^(<testsuites .*) skipped="\d+">$/m, '$1>')}\n`;
  },
};

function addSuite(builder: Builder, { chain, seed }: Report, row: ScenarioRow): void {
  const suite = builder.testSuite().name(text(row.scenario));
  suite.property('chain', text(chain)).property('seed', String(seed));
  suite.property('answers', text(answersSaid(answersIn([row]))));
  const test = (name: string): TestCase =>
    suite
      .testCase()
      .className(text(`firedrill.${row.scenario}`))
      .name(text(name));
  if (isUntested(row)) test('a request meets a fault').skipped();
  const breaches = new Map(breachesOf(row).map((breach) => [breach.path, breach]));
  for (const { path, bound, held } of row.verdicts) {
    if (path === 'invariants') {
      addRules(test, row);
      continue;
    }
    const one = test(`${path} ${bound}`);
    const breach = held ? null : breaches.get(oneLine(path));
    if (!breach) continue;
    const finding = `${breach.path} ${breach.finding}; the bound is ${breach.bound}`;
    one.failure(text(finding), 'threshold').stacktrace(text(breach.again));
  }
  addStory(suite, test, row);
}

function addRules(test: (name: string) => TestCase, row: ScenarioRow): void {
  for (const id of askedRules(row)) {
    const rule = row.invariants[id];
    if (!rule) continue;
    const one = test(`${id} ${rule.rule}`);
    if (rule.status === 'violated') {
      one.failure(text(violationText(rule)), 'invariant').stacktrace(exampleText(rule));
    } else if (rule.status !== 'held') one.skipped();
  }
}

function violationText({ violations, exercised, limit }: InvariantRow): string {
  const used = limit === null ? '' : `; the limit is ${limit}`;
  return `violated ${violations} times, tested ${exercised} times${used}`;
}

function exampleText({ example }: InvariantRow): string {
  if (!example) return '';
  const { trial, call, at_ms, text: words, replay } = example;
  const first = `First in trial ${trial}, call ${call}, at ${clockText(at_ms)}: ${words}`;
  return `${text(first)}\n${text(replay)}`;
}

/** What users saw; a suite without a test would not be shown at all. */
function addStory(suite: TestSuite, test: (name: string) => TestCase, row: ScenarioRow): void {
  const { saw } = scenarioCells(row, (reason) => `none: ${reason}`);
  if (row.verdicts.length === 0) test('is drilled').standardOutput(text(saw));
  else suite.property('what users saw', text(saw));
}

/** XML has no place for some characters; the third string ends the sections of the library. */
function text(given: string): string {
  return oneLine(given)
    .replace(/[\uFFFE\uFFFF]/g, '')
    .replaceAll(']]>', ']] >');
}
