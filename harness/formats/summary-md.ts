// summary.md: the answer to "if the model goes down right now, what will my users see?", for an
// engineer who has never seen a report. All that comes from outside goes through markdown.ts.
import type { Report, ScenarioRow } from '../report.ts';
import { breachesOf, violationsOf } from './breaches.ts';
import { oneLine } from './clean-text.ts';
import { clockText, timeText } from './figure-text.ts';
import type { ReportFormat } from './format.ts';
import { glossary } from './glossary.ts';
import { code, plain, table } from './markdown.ts';
import { notExercised } from './not-exercised.ts';
import { judgedText, provenanceOf, provenanceText } from './provenance-text.ts';
import { criticalText, qualityHead, qualityRows } from './quality-text.ts';
import { scenarioCells, unmetFaults } from './scenario-cells.ts';
import { verdictOf } from './verdict-text.ts';
import { stoppedText } from './warnings.ts';

export const summaryMd: ReportFormat = {
  kind: 'report',
  file: 'summary.md',
  describe: 'what users saw in every scenario, what was breached and how to see it again',
  render(report) {
    const parts = [
      openingOf(report),
      scenarioTable(report),
      ...report.scenarios.map(findingsOf),
      '## How the rules were tested',
      rulesTable(report),
      untestedRules(report),
      '## Where the answers come from',
      provenance(report),
      '## Words',
      glossary.map(([word, meaning]) => `- **${plain(word)}**: ${plain(meaning)}`).join('\n'),
    ];
    return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
  },
};

export function openingOf(report: Report): string {
  const words = verdictOf(report);
  const verdict = report.held ? words : `**${words}**`;
  const real = report.scenarios.some(({ clock }) => clock === 'real');
  const stopped = stoppedText(report);
  const time = real ? 'Some scenarios ran in real time.' : 'Time was virtual.';
  return [
    `# Fire drill of ${plain(report.chain)}`,
    `If the model goes down right now, what will your users see? ${verdict}`,
    ...(stopped === null ? [] : [`**Not complete.** ${plain(stopped)}.`]),
    `Seed ${report.seed}, firedrill ${plain(report.tool.version)}. ${time} ${plain(provenanceText(report))}`,
  ].join('\n\n');
}

export function scenarioTable(report: Report): string {
  const head = [
    'scenario',
    'verdict',
    'availability',
    'p95',
    'fallback rate',
    'quality drop (95% interval; mde)',
    'what users saw',
  ];
  const rows = report.scenarios.map((row) => {
    const cells = scenarioCells(row, (reason) => `none: ${reason}`);
    const { scenario, verdict, availability, p95, fallback, drop, saw } = cells;
    const bold = row.held ? verdict : `**${verdict}**`;
    const rest = [availability, p95, fallback, drop, saw].map(plain);
    return [plain(scenario), bold, ...rest];
  });
  return table(head, rows);
}

export function findingsOf(row: ScenarioRow): string {
  const parts = [
    `## ${plain(row.scenario)}`,
    plain(row.description),
    breached(row),
    unmet(row),
    violated(row),
    worse(row),
    plain(criticalText(row)),
    judgedBy(row),
    canaries(row),
    `Run it again: ${code(oneLine(row.again))}`,
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

function breached(row: ScenarioRow): string {
  const breaches = breachesOf(row);
  if (breaches.length === 0) {
    return row.verdicts.length === 0 ? 'It has no thresholds.' : 'Every threshold held.';
  }
  const lines = breaches.map(
    ({ path, finding, bound }) => `- ${code(path)} ${plain(finding)}; the bound is ${code(bound)}`,
  );
  return ['Breached thresholds:', '', ...lines].join('\n');
}

function unmet(row: ScenarioRow): string {
  const none = unmetFaults(row).map((fault) => plain(oneLine(fault)));
  return none.length === 0
    ? ''
    : `Met by no request, so that they tested nothing: ${none.join('; ')}.`;
}

function violated(row: ScenarioRow): string {
  const all = violationsOf(row);
  if (all.length === 0) return '';
  const lines = all.flatMap(({ id, rule, violations, exercised, limit, first, again }) => {
    const used = limit === null ? '' : ` Limit: ${plain(limit)}.`;
    const line = `- **${plain(id)}** ${plain(rule)}. Violated ${violations} times, tested ${exercised} times.${used}`;
    if (!first) return [line];
    const where = `trial ${first.trial}, call ${first.call}, at ${clockText(first.atMs)}`;
    return [line, `  - First in ${where}: ${plain(first.text)}`, `  - See it: ${code(again)}`];
  });
  return ['Violated invariants:', '', ...lines].join('\n');
}

function judgedBy({ judge }: ScenarioRow): string {
  if (!judge) return '';
  const { judged, failed, unscored } = judge;
  const { judge_failed, no_verdict } = unscored;
  const texts = `${judged} texts have a verdict, on ${failed} the judge failed`;
  const out = `${judge_failed} answers are not scored for that, ${no_verdict} as nobody judged them`;
  return `Quality is ${plain(judgedText(judge))}: ${texts}; ${out}.`;
}

function worse(row: ScenarioRow): string {
  const rows = qualityRows(row).map((cells) => cells.map(plain));
  return rows.length === 0 ? '' : table(qualityHead.map(plain), rows);
}

function canaries({ canary, reasons }: ScenarioRow): string {
  if (!canary) return '';
  const { calls, usable, latency_ms } = canary;
  const { p95 } = latency_ms;
  const why = reasons['canary.latency_ms.p95'] ?? 'no value';
  const time = p95 === null ? `p95 none: ${plain(why)}` : `p95 ${timeText(p95)}`;
  return `Beside them ${usable} of ${calls} healthy calls got an answer; ${time}.`;
}

const statuses = ['held', 'violated', 'not-applicable', 'not-judged'] as const;

/** What was not judged is as important as what held. */
function rulesTable(report: Report): string {
  const rows = report.scenarios.map((row) => {
    const ids = statuses.map((status) =>
      Object.entries(row.invariants)
        .filter(([, invariant]) => invariant.status === status)
        .map(([id]) => id)
        .sort(),
    );
    return [plain(row.scenario), ...ids.map((list) => plain(list.join(' ')) || '-')];
  });
  return table(['scenario', 'held', 'violated', 'not applicable', 'not judged'], rows);
}

function untestedRules(report: Report): string {
  const rules = notExercised(report);
  if (rules.length === 0) return '';
  const lines = rules.map(({ id, rule }) => `- **${plain(id)}** ${plain(rule)}`);
  return ['No scenario of this run put these to the test:', '', ...lines].join('\n');
}

function provenance(report: Report): string {
  const rows = provenanceOf(report);
  if (rows.length === 0) return 'No recordings were used.';
  const cells = rows.map(({ target, kind, dates, models, meaning, times, figures }) =>
    [target, kind, dates, models, meaning, times, figures].map(plain),
  );
  const head = ['target', 'kind', 'days', 'says it is', 'that is', 'came', 'speed and price'];
  return table(head, cells);
}
