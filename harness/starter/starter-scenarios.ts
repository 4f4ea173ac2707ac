// The first scenarios of somebody who has just imported answers: the three failures that everybody
// meets, over that workload, with bounds that an honest fallback holds. Theirs to change.
import type { Imported } from '../importing/imported.ts';
import { coverage } from '../importing/imported.ts';
import { schemaLine } from '../importing/project-files.ts';
import { durationText } from '../scenario/units.ts';
import type { TextRecording } from '../upstream/recording.ts';

export interface Starter {
  name: string;
  /** A scenario file. */
  text: string;
}

/** What a user of a chat is assumed to wait at least. */
const leastWaitMs = 10_000;
/** To the first token, and for each token after it: the pace of a middling model. */
const firstTokenMs = 1000;
const perTokenMs = 1000 / 60;
const charsPerToken = 4;

/** `workload`: as a scenario names it. */
export function starterScenarios(name: string, workload: string, imported: Imported): Starter[] {
  const first = primaryOf(imported);
  const wait = durationText(waitMs(imported));
  const bounds = (lines: string[]): string[] =>
    [
      'crashes.count: "== 0"',
      ...lines,
      `latency_ms.p95: "<= ${wait}"`,
      ...qualityBound(imported),
      'invariants: all',
    ].map((line) => `  ${line}`);
  const scenario = (
    kind: string,
    what: string,
    faults: string[],
    thresholds: string[],
  ): Starter => {
    const text = [
      '# Written once by firedrill: change it as you like.',
      `name: ${name}-${kind}`,
      `description: ${JSON.stringify(what)}`,
      `workload: ${JSON.stringify(workload)}`,
      'arrival: { rate: 1/s, for: 20m }',
      `deadline: ${wait}`,
      'faults:',
      ...faults.map((fault) => `  - { ${fault} }`),
      'thresholds:',
      ...bounds(thresholds),
    ];
    const scenarioText = `${schemaLine('scenario', 2)}${text.join('\n')}\n`;
    return { name: `${name}-${kind}`, text: scenarioText };
  };
  return [
    scenario(
      'outage',
      `${first.who} answers 503 for ten minutes and comes back`,
      [`inject: server-error, status: 503, on: ${first.on}, from: 5m, to: 15m`],
      ['availability: ">= 99%"'],
    ),
    scenario(
      'rate-limits',
      `${first.who} limits four of five requests, then fewer and fewer`,
      [`inject: rate-limit, retryAfter: 2s, on: ${first.on}, from: 2m, to: 12m, chance: 80% -> 0%`],
      ['availability: ">= 99%"', 'attempts_per_call.mean: "<= 3"'],
    ),
    scenario(
      'cut-stream',
      `one in five answers of ${first.who} breaks off, half of them without an error`,
      [
        `inject: disconnect, at: 40%, on: ${first.on}, chance: 10%`,
        `inject: truncate, at: 60%, on: ${first.on}, chance: 10%`,
      ],
      ['availability: ">= 95%"', 'outcomes.truncated: "== 0"', 'outcomes.spliced: "== 0"'],
    ),
  ];
}

/** The first provider; where there is no other one, its first model. */
function primaryOf({ recordings }: Imported): { who: string; on: string } {
  const targets = [...coverage(recordings).keys()];
  const providers = new Set(targets.map((target) => target.slice(0, target.indexOf('/'))));
  const [first = ''] = targets;
  const [provider = ''] = providers;
  if (providers.size > 1 || targets.length === 1) {
    return { who: provider, on: `{ provider: ${JSON.stringify(provider)} }` };
  }
  const model = first.slice(provider.length + 1);
  const on = `{ provider: ${JSON.stringify(provider)}, model: ${JSON.stringify(model)} }`;
  return { who: first, on };
}

/** Room for a long answer after a failed attempt, in steps of five seconds. */
function waitMs({ recordings }: Imported): number {
  const lengths = recordings
    .filter((one): one is TextRecording => one.kind !== 'recorded')
    .map(({ text }) => text.length)
    .sort((a, b) => a - b);
  const long = lengths[Math.floor(lengths.length * 0.95)] ?? 0;
  const one = firstTokenMs + (long / charsPerToken) * perTokenMs;
  return Math.max(leastWaitMs, Math.ceil((2 * one) / 5000) * 5000);
}

/** A drop in quality can only be bounded where answers have scores. */
function qualityBound({ recordings }: Imported): string[] {
  const scored = recordings.every((one) => typeof one.score === 'number');
  const bound = 'quality.drop: "<= 5%"';
  return [
    scored ? bound : `# ${bound}   (needs a score of every answer, or checks in the workload)`,
  ];
}
