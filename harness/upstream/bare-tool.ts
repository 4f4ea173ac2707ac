// Whether a tool reaches a request without what it takes. Every wire has a tool's name and its
// schema side by side, wherever it has its tools.
import { record } from '../wires/json.ts';
import type { Asked } from '../wires/wire.ts';
import type { SampleTool } from '../workloads/workload.ts';

/** It is on offer with parameters of no name, and nothing else in the request names one. */
export function isBare({ name, parameters }: SampleTool, { body }: Asked, text: string): boolean {
  const members = Object.keys(record(parameters.properties) ?? {});
  if (members.length === 0) return false;
  const offer = named(name, [body.tools, body.functions]);
  if (offer === null || takesSomething(offer)) return false;
  // Words of its description may name them, in any spelling.
  const said = plain(text);
  return !members.some((member) => said.includes(plain(member)));
}

/** The first record of that name, however deep. */
function named(name: string, value: unknown): object | null {
  if (typeof value !== 'object' || value === null) return null;
  if (record(value)?.name === name) return value;
  for (const inner of Object.values(value)) {
    const found = named(name, inner);
    if (found) return found;
  }
  return null;
}

/** Whether any schema in it is more than "an object". */
function takesSomething(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([key, inner]) => {
    if (telling.test(key) && !isEmpty(inner)) return true;
    return takesSomething(inner);
  });
}

const telling = /^(?:properties|patternProperties|required|\$ref|\$defs|anyOf|oneOf|allOf|format)$/;

function isEmpty(value: unknown): boolean {
  if (typeof value !== 'object') return value === undefined;
  return value === null || Object.keys(value).length === 0;
}

function plain(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');
}
