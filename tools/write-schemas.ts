// Writes the JSON Schemas that are committed under docs/ (`npm run schemas`).
import { writeFileSync } from 'node:fs';
import { reportJsonSchema } from '../harness/report-schema.ts';

const file = new URL('../docs/report.schema.json', import.meta.url);
writeFileSync(file, `${JSON.stringify(reportJsonSchema(), null, 2)}\n`);
