// Writes scenarios/corpus/COVERAGE.md (`npm run coverage-table`).
import { writeFileSync } from 'node:fs';
import { coverageTable } from './coverage-table.ts';

writeFileSync(new URL('../scenarios/corpus/COVERAGE.md', import.meta.url), coverageTable());
