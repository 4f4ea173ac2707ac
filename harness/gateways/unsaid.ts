// What a chain file wants and no gateway here has words for. A leaf.
import type { ReferenceSettings } from '../chains/settings.ts';

/** Milliseconds as the chain file writes them. */
export function duration(ms: number): string {
  return ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`;
}

/** One sentence each, beginning with the key of the chain file. */
export function unsaidByAll(settings: ReferenceSettings): string[] {
  const { deadlineMs, afterPayload, quality, breaker, balance, cache, degrade } = settings;
  const unsaid = [`deadline ${duration(deadlineMs)}: nothing limits a call as a whole`];
  if (afterPayload === 'continue') {
    unsaid.push('afterPayload continue: an answer that breaks off is not gone on with');
  }
  if (quality !== null) {
    unsaid.push('quality: whoever is next answers critical questions too');
  }
  if (breaker !== null) unsaid.push("breaker: not translated, a gateway's own way holds");
  if (balance !== null) unsaid.push('balance: targets are asked in the order of the file');
  if (cache?.semantic) unsaid.push('cache.semantic: no question is answered by likeness');
  if (degrade !== null) unsaid.push('degrade: when all targets fail, the caller gets an error');
  return unsaid;
}

/** Of a limit on the headers alone. */
export function unsaidOfHeaders({ attempt }: ReferenceSettings): string[] {
  if (attempt.headersMs === null) return [];
  return [`attempt.headers ${duration(attempt.headersMs)}: headers have no limit of their own`];
}
