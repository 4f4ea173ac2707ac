// The package's front door: what authors of chains import (`import type { Question }`), and what
// tests do (`import { drill }`). No module here imports from it.
export type {
  Ask,
  ChainAnswer,
  ChainFactory,
  ChainOptions,
  Hop,
  Meta,
  Pieces,
  Question,
  Tool,
} from './chains/chain.ts';
export { HarnessError, InputError } from './errors.ts';
export type { ScenarioRow } from './report.ts';
export type { DrillAssertions } from './testing/assert-drill.ts';
export { assertDrill } from './testing/assert-drill.ts';
export type { DrillOptions, ScenarioWords } from './testing/drill.ts';
export { drill } from './testing/drill.ts';
export type { Drilled } from './testing/drilled.ts';
export type { Share, Time } from './testing/expectations.ts';
