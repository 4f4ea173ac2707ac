// What a chain file wants and no gateway here has words for.
import type { ReferenceSettings } from '../chains/settings.ts';
import { duration, layersNotSaid } from '../not-said.ts';

/** One sentence each, beginning with the key of the chain file. */
export function unsaidByAll(settings: ReferenceSettings): string[] {
  const { deadlineMs, breaker, balance, cache } = settings;
  const unsaid = [`deadline ${duration(deadlineMs)}: nothing limits a call as a whole`];
  if (breaker !== null) unsaid.push("breaker: not translated, a gateway's own way holds");
  if (balance !== null) unsaid.push('balance: targets are asked in the order of the file');
  if (cache?.semantic) unsaid.push('cache.semantic: no question is answered by likeness');
  return [...unsaid, ...layersNotSaid(settings)];
}

/** Of a limit on the headers alone. */
export function unsaidOfHeaders({ attempt }: ReferenceSettings): string[] {
  if (attempt.headersMs === null) return [];
  return [`attempt.headers ${duration(attempt.headersMs)}: headers have no limit of their own`];
}
