// What a chain file wants and no gateway here has words for.
import type { ReferenceSettings } from '../chains/settings.ts';
import { duration, layersNotSaid } from '../not-said.ts';

/** One sentence each, beginning with the key of the chain file. */
export function unsaidByAll(settings: ReferenceSettings): string[] {
  const limit = `deadline ${duration(settings.deadlineMs)}: nothing limits a call as a whole`;
  return [limit, ...layersNotSaid(settings)];
}

/** Of a limit on the headers alone. */
export function unsaidOfHeaders({ attempt }: ReferenceSettings): string[] {
  if (attempt.headersMs === null) return [];
  return [`attempt.headers ${duration(attempt.headersMs)}: headers have no limit of their own`];
}
