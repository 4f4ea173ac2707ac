// The JSON Schema of report.json, for programs that read reports without our types. The committed
// docs/schemas/report.schema.json is this; a test compares them.
import { z } from 'zod';
import { reportSchema, reportVersion } from './report.ts';

export function reportJsonSchema(): Record<string, unknown> {
  const { $schema, ...schema } = z.toJSONSchema(reportSchema);
  return { $schema, title: `firedrill report, version ${reportVersion}`, ...schema };
}
