// Writes the JSON Schemas that are committed under docs/schemas/ (`npm run schemas`).
import { writeFileSync } from 'node:fs';
import { jsonSchemas } from '../harness/json-schemas.ts';

for (const [name, schema] of Object.entries(jsonSchemas())) {
  const file = new URL(`../docs/schemas/${name}.schema.json`, import.meta.url);
  writeFileSync(file, `${JSON.stringify(schema, null, 2)}\n`);
}
