// gate.md as it stands in a comment on a pull request, and the annotations beside the code.
import { describe, expect, it } from 'vitest';
import { gateAnnotations, gateMd } from '../../harness/gate/gate-md.ts';
import type { GateReport } from '../../harness/gate/gate-report.ts';

const before = {
  availability: 0.999,
  goodput: 0.98,
  'latency_ms.p95': 2_400,
  'quality.drop': 0.01,
  'attempts_per_call.mean': 1.2,
  cost_per_call_usd: 0.0042,
};
const outage: GateReport['scenarios'][number] = {
  scenario: 'outage',
  status: 'compared',
  changed: [],
  before,
  figures: { ...before, availability: 0.972, 'latency_ms.p95': 3_100 },
};
const report: GateReport = {
  version: 1,
  tool: { name: 'firedrill', version: '0.1.0' },
  chain: 'chain',
  baseline: 'reports/baseline',
  seed: 1,
  trials: 1,
  passed: false,
  scenarios: [
    outage,
    { ...outage, scenario: 'calm', figures: before },
    { ...outage, scenario: 'other', status: 'changed', changed: ['workload'], before: null },
    { ...outage, scenario: 'fresh', status: 'new', before: null },
  ],
  gone: ['old'],
  notes: [],
  findings: [
    {
      kind: 'regression',
      scenario: 'outage',
      figure: 'availability',
      change: null,
      text: 'availability 99.9% -> 97.2% | <b>worse</b>',
      replay: 'firedrill replay outage --chain chain.ts --seed 1 --trial 1 --call 12',
    },
    {
      kind: 'improvement',
      scenario: 'calm',
      figure: 'goodput',
      change: null,
      text: 'goodput 97.0% -> 98.0%',
      replay: null,
    },
  ],
  answers: [
    {
      target: 'openai/gpt-4o',
      kind: 'authored',
      kinds: ['authored'],
      dates: { from: '2026-01-05', to: '2026-01-05' },
      models: [],
    },
  ],
};

describe('gate.md', () => {
  it('has the verdict, the findings, and the figures that are not as they were', () => {
    expect(gateMd(report)).toBe(`### firedrill gate: chain **fails**, 1 finding

2 of 4 scenarios compared with \`reports/baseline\`. Answers: authored 2026-01-05 (openai/gpt-4o). Authored: written for the product, never sent by a provider.

- REGRESSED **outage**: availability 99.9% -&gt; 97.2% \\| &lt;b&gt;worse&lt;/b&gt;<br>\`firedrill replay outage --chain chain.ts --seed 1 --trial 1 --call 12\`

Better:

- calm: goodput 97.0% -&gt; 98.0%

| scenario | availability | goodput | latency\\_ms.p95 | quality.drop | attempts\\_per\\_call.mean | cost\\_per\\_call\\_usd |
| --- | --- | --- | --- | --- | --- | --- |
| outage | 99.9% → 97.2% | 98.0% | 2.4 s → 3.1 s | 1.0% | 1.20 | $0.00420 |

- other is not compared: changed are workload
- fresh is new: it has no baseline
- old was not drilled any more
`);
  });

  it('is short where nothing changed', () => {
    const held = {
      ...report,
      passed: true,
      findings: [],
      gone: [],
      scenarios: [outage],
      answers: [],
    };
    const [scenario] = held.scenarios;
    if (scenario) held.scenarios = [{ ...scenario, figures: before }];
    expect(gateMd(held)).toBe(
      '### firedrill gate: chain holds\n\n1 of 1 scenarios compared with `reports/baseline`. No recordings were used.\n',
    );
  });
});

describe('its annotations', () => {
  it('are what got worse, at the chain', () => {
    expect(gateAnnotations(report, 'src/chain.ts')).toBe(
      '::error file=src/chain.ts,line=1,title=outage%3A availability::availability 99.9%25 -> 97.2%25 | <b>worse</b> See it: firedrill replay outage --chain chain.ts --seed 1 --trial 1 --call 12\n',
    );
  });
});
