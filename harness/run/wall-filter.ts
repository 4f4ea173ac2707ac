// The filter by which two reports of the same input and seed are equal: what depends on the machine
// and the hour is removed, and it is only what `wallFields` lists.
import { wallFields } from '../report.ts';

/** A copy of a report without the fields that `wallFields` names. */
export function withoutWall(report: unknown): unknown {
  return wallFields.reduce((rest, path) => without(rest, path.split('.')), report);
}

/** The text of a report.json without them; everything else keeps its bytes. */
export function withoutWallText(text: string): string {
  return `${JSON.stringify(withoutWall(JSON.parse(text)), null, 2)}\n`;
}

/** `[]` behind a name means every element of a list. */
function without(value: unknown, [step = '', ...rest]: string[]): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const key = step.replace(/\[\]$/, '');
  const { [key]: found, ...others } = value as Record<string, unknown>;
  if (found === undefined || rest.length === 0) return others;
  const kept =
    step !== key && Array.isArray(found)
      ? found.map((each) => without(each, rest))
      : without(found, rest);
  // In its own place: the order of keys is part of the bytes.
  return Object.fromEntries(
    Object.entries(value).map(([name, old]) => [name, name === key ? kept : old]),
  );
}
