// firedrill.sarif: broken rules and breached thresholds as findings of a code scanner (SARIF
// 2.1.0), each where the chain is written, with the scenario that shows it beside it.
import { pathToFileURL } from 'node:url';
import type { Location, Log, ReportingDescriptor, Result } from 'sarif';
import type { Report, ScenarioRow } from '../report.ts';
import { askedRules, breachesOf, violationsOf } from './breaches.ts';
import { oneLine } from './clean-text.ts';
import { clockText } from './figure-text.ts';
import type { ReportFormat } from './format.ts';
import { provenanceText } from './provenance-text.ts';

const schema =
  'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

export const sarif: ReportFormat = {
  kind: 'report',
  file: 'firedrill.sarif',
  describe: 'broken rules and breached thresholds for code scanning (SARIF 2.1.0)',
  render(report) {
    return `${JSON.stringify(logOf(report), null, 2)}\n`;
  },
};

function logOf(report: Report): Log {
  return {
    $schema: schema,
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'firedrill',
            version: oneLine(report.tool.version),
            rules: rulesOf(report),
          },
        },
        // Findings of another chain of the same repository do not replace these.
        automationDetails: { id: `firedrill/${oneLine(report.chain)}/` },
        columnKind: 'utf16CodeUnits',
        properties: { answers: provenanceText(report) },
        results: report.scenarios.flatMap((row) => [...violated(row), ...breached(row)]),
      },
    ],
  };
}

function rulesOf({ scenarios }: Report): ReportingDescriptor[] {
  const rules = new Map<string, ReportingDescriptor>();
  for (const row of scenarios) {
    for (const [id, { rule }] of Object.entries(row.invariants)) {
      rules.set(id, { id, shortDescription: said(rule) });
    }
    for (const { path } of thresholdBreaches(row)) {
      const id = thresholdId(path);
      rules.set(id, { id, shortDescription: said(`A threshold on ${path} holds.`) });
    }
  }
  return [...rules.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

function violated(row: ScenarioRow): Result[] {
  const asked = askedRules(row);
  return violationsOf(row).map(({ id, rule, violations, exercised, first, again }) => {
    const where = first && `trial ${first.trial}, call ${first.call}, at ${clockText(first.atMs)}`;
    const example = first && where ? ` First in ${where}: ${oneLine(first.text)}` : '';
    const times = `${violations} of ${exercised} times`;
    const told = `${rule}: violated ${times} in ${oneLine(row.scenario)}.${example}`;
    return found(row, id, asked.has(id) ? 'error' : 'warning', told, again);
  });
}

function breached(row: ScenarioRow): Result[] {
  return thresholdBreaches(row).map(({ path, finding, bound, again }) => {
    const told = `${path} ${finding} in ${oneLine(row.scenario)}; the bound is ${bound}.`;
    return found(row, thresholdId(path), 'error', told, again);
  });
}

/** Those of rules are told by the rules. */
function thresholdBreaches(row: ScenarioRow): ReturnType<typeof breachesOf> {
  return breachesOf(row).filter(({ path }) => path !== 'invariants');
}

function thresholdId(path: string): string {
  return `threshold/${path}`;
}

function found(
  row: ScenarioRow,
  ruleId: string,
  level: 'error' | 'warning',
  told: string,
  again: string,
): Result {
  const { chain, scenario } = row.files;
  const shows = locationOf(scenario, `The scenario ${oneLine(row.scenario)}`);
  return {
    ruleId,
    level,
    message: said(`${told} See it: ${again}`),
    locations: [locationOf(chain)],
    relatedLocations: [{ ...shows, id: 1 }],
    // The figures in the message change from run to run: the finding is the same.
    partialFingerprints: {
      'firedrill/v1': oneLine(`${ruleId} ${row.scenario} ${row.chain}`),
    },
  };
}

function locationOf(file: string | null, message?: string): Location {
  const told = message === undefined ? {} : { message: said(message) };
  if (file === null) return told;
  return {
    physicalLocation: { artifactLocation: { uri: uriOf(file) }, region: { startLine: 1 } },
    ...told,
  };
}

/** In SARIF `[words](address)` is a link, and these are no words of ours. */
function said(text: string): { text: string } {
  return { text: oneLine(text).replaceAll('](', '] (') };
}

/** Relative paths as a repository's; of others the whole. */
function uriOf(file: string): string {
  if (file.startsWith('/') || /^[A-Za-z]:/.test(file)) return pathToFileURL(file).href;
  return file.split('/').map(encodeURIComponent).join('/');
}
