import type { Question } from './chain.ts';

/** The JSON Schema that an answer has to parse to; null for free text. */
export function schemaOf({ schema }: Pick<Question, 'schema'>): Record<string, unknown> | null {
  return typeof schema === 'object' && schema !== null ? { ...schema } : null;
}
