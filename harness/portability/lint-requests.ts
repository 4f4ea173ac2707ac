// The linter over the requests that the chain really sent: every rule over every request, findings
// of one kind gathered, each with the first request that has it.
import { clipped } from '../clipped.ts';
import { lints } from '../lint/index.ts';
import type { Flag, LintRequest } from '../lint/lint-rule.ts';
import { lintEffects } from '../lint/lint-rule.ts';
import type { KeptRequest } from '../run/request-file.ts';
import { tokensOf } from '../upstream/tokens.ts';
import { wires } from '../wires/index.ts';
import type { Driven } from './drive.ts';
import type { Answers } from './matrix.ts';
import type { FindingRow } from './portability-report.ts';
import { readRequests } from './read-trial.ts';

/** As much of a body as a person reads; the whole one is made again by the same command. */
const mostShown = 2_000;

export interface Linted {
  findings: FindingRow[];
  /** How many requests there were, by target. */
  requests: Map<string, number>;
}

export interface LintOptions {
  driven: readonly Driven[];
  answers: Answers;
  context(target: string): { tokens: number; source: string } | null;
}

export function lintAll({ driven, answers, context }: LintOptions): Linted {
  const findings = new Map<string, Gathered>();
  const requests = new Map<string, number>();
  const firstOfPrimary = new Map<string, LintRequest>();
  const primary = driven[0]?.target ?? '';
  for (const { target, files } of driven) {
    if (!files) continue;
    const slash = target.indexOf('/');
    const places = placesOf(answers, target);
    for (const { attempt, asked } of readRequests(files.requests)) {
      const place = places.get(attempt);
      if (!place) continue;
      const { sample, objection } = place;
      const healthy = answers.get(primary)?.get(sample);
      const answered = healthy?.status === 'answered' ? healthy.text : null;
      const request: LintRequest = {
        ...understood(asked),
        provider: target.slice(0, slash),
        objection,
        context: context(target),
        primaryTokens: answered === null ? null : tokensOf(answered),
      };
      requests.set(target, (requests.get(target) ?? 0) + 1);
      if (target === primary && !firstOfPrimary.has(sample)) firstOfPrimary.set(sample, request);
      const base = target === primary ? null : (firstOfPrimary.get(sample) ?? null);
      for (const rule of Object.values(lints)) {
        for (const flag of rule.look(request, base)) {
          gather(findings, { rule: rule.name, target, flag, sample, attempt, request });
        }
      }
    }
  }
  return { findings: ordered([...findings.values()]), requests };
}

interface Place {
  sample: string;
  objection: string | null;
}

function placesOf(answers: Answers, target: string): Map<number, Place> {
  const places = new Map<number, Place>();
  for (const { sample, attempts, objections } of answers.get(target)?.values() ?? []) {
    for (const attempt of attempts) {
      places.set(attempt, { sample, objection: objections.get(attempt) ?? null });
    }
  }
  return places;
}

type Understood = Pick<
  LintRequest,
  'model' | 'wire' | 'version' | 'body' | 'turns' | 'maxTokens' | 'traits'
>;

/** A request as rules see it; also for tests that write one. */
export function understood(asked: KeptRequest): Understood {
  const { model, wire, version, body, turns, maxTokens } = asked;
  const traits = wires[wire].traits({ ...asked, key: null });
  return { model, wire, version, body, turns, maxTokens, traits };
}

interface Found {
  rule: string;
  target: string;
  flag: Flag;
  sample: string;
  attempt: number;
  request: LintRequest;
}

interface Gathered extends FindingRow {
  seen: Set<string>;
}

/** Numbers in what a rule says differ from request to request; the finding is one. */
function gather(findings: Map<string, Gathered>, found: Found): void {
  const { rule, target, flag, sample, attempt, request } = found;
  const kind = JSON.stringify([rule, target, flag.effect, flag.what.replace(/\d+/g, '#')]);
  let known = findings.get(kind);
  if (!known) {
    const body = clipped(JSON.stringify(request.body), mostShown);
    const example = { sample, attempt, wire: request.wire, request: body };
    known = { rule, target, ...flag, requests: 0, samples: 0, example, seen: new Set() };
    findings.set(kind, known);
  }
  known.requests++;
  known.seen.add(sample);
}

function ordered(findings: Gathered[]): FindingRow[] {
  const weight = ({ effect }: Gathered): number => lintEffects.indexOf(effect);
  return findings
    .map((found, index) => ({ found, index }))
    .sort((a, b) => weight(a.found) - weight(b.found) || a.index - b.index)
    .map(({ found: { seen, ...row } }) => ({ ...row, samples: seen.size }));
}
