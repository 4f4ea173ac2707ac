// The contract of lint rules: each is in its file, says whose word it has, flags what it is for,
// leaves alone what is nearly that, and bears any request.
import { readdirSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lints } from '../../harness/lint/index.ts';
import type { LintRequest } from '../../harness/lint/lint-rule.ts';
import { examples } from './examples.ts';
import type { PlaceName } from './requests.ts';
import { sketched } from './requests.ts';

const shared = ['dialect-of.ts', 'index.ts', 'lint-rule.ts', 'schema-walk.ts'];

describe('the map of lint rules', () => {
  it('has one key for each file of the folder, each rule under its own name', () => {
    const files = readdirSync(new URL('../../harness/lint', import.meta.url));
    const expected = files.filter((file) => !shared.includes(file)).sort();
    expect(Object.keys(lints).map((name) => `${name}.ts`)).toEqual(expected);
    expect(Object.values(lints).map(({ name }) => name)).toEqual(Object.keys(lints));
    expect(Object.keys(examples)).toEqual(Object.keys(lints));
  });
});

describe.each(Object.values(lints))('the lint rule $name', (rule) => {
  const { flagged, passed } = examples[rule.name] ?? { flagged: [], passed: [] };

  it('flags what it is for, says what to do and whose word that is', () => {
    expect(flagged).not.toEqual([]);
    for (const [says, sketch] of flagged) {
      const { request, primary } = sketched(sketch);
      const flags = rule.look(request, primary);
      expect(flags.map(({ what }) => what).join('\n')).toMatch(says);
      for (const { source } of flags) expect(source).not.toBe('');
    }
  });

  it('leaves alone what is nearly that', () => {
    expect(passed).not.toEqual([]);
    for (const sketch of passed) {
      const { request, primary } = sketched(sketch);
      expect(rule.look(request, primary)).toEqual([]);
    }
  });

  it('bears any body, and says the same each time', () => {
    const to = fc.constantFrom<PlaceName>('chat', 'responses', 'messages', 'compat', 'gemini');
    fc.assert(
      fc.property(to, bodies, (place, body) => {
        const { request } = sketched({ to: place, body });
        const flags = rule.look(request, other);
        expect(rule.look(request, other)).toEqual(flags);
      }),
      { numRuns: 60 },
    );
  });
});

const names = [
  ...['model', 'messages', 'input', 'contents', 'tools', 'system', 'stop', 'stop_sequences'],
  ...['temperature', 'thinking', 'response_format', 'text', 'tool_choice', 'max_tokens'],
  ...['role', 'content', 'parts', 'type', 'function', 'parameters', 'properties', 'strict'],
];

const bodies = fc.dictionary(fc.constantFrom(...names), fc.jsonValue({ maxDepth: 5 }));

const other: LintRequest = sketched({
  to: 'chat',
  body: { model: 'gpt-4o', messages: [{ role: 'user', content: 'x' }] },
}).request;

it('what the drilled provider turns down in a parameter, a rule foresees', () => {
  for (const { flagged } of Object.values(examples)) {
    for (const [, sketch] of flagged) {
      const { request, primary } = sketched(sketch);
      if (request.objection === null) continue;
      const found = Object.values(lints)
        .filter(({ name }) => name !== 'objection')
        .flatMap((rule) => rule.look(request, primary));
      expect(
        found.map(({ effect }) => effect),
        request.objection,
      ).toContain('rejected');
    }
  }
});
