// One check as a workload writes it, asked about one text.
import { parse } from 'yaml';
import { parseChecks } from '../../harness/checks/grade.ts';

export function holds(yaml: string, text: string): boolean {
  const [check] = parseChecks([parse(yaml)]);
  if (check === undefined) throw new Error('parseChecks gave no check');
  return check.holds(text);
}
