// For every lint rule, requests that it flags, each with words of what it says, and near ones that
// it leaves alone.
import { parameterExamples } from './examples-parameters.ts';
import { partExamples } from './examples-parts.ts';
import { promptExamples } from './examples-prompts.ts';
import { schemaExamples } from './examples-schemas.ts';
import type { LintExamples } from './requests.ts';

const all = { ...parameterExamples, ...partExamples, ...promptExamples, ...schemaExamples };

export const examples: Record<string, LintExamples> = Object.fromEntries(
  Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1)),
);
