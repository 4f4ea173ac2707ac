// Whether two requests ask the same. What only names the asker, or tells one request from another
// in somebody's logs, makes no other question of it.
import { mix } from '../rng.ts';
import type { Asked } from '../wires/wire.ts';

const labels = ['metadata', 'user', 'safety_identifier', 'prompt_cache_key'] as const;

/** What is written anew for each request: times and UUIDs. */
const ofTheMoment =
  /\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?|\b1\d{12}\b|\b[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}\b/gi;

/** Equal for equal questions; `text` is the body as it was sent. */
export function requestHash(text: string, { body }: Asked): string {
  // Rarely there, and what is parsed already costs nothing to look at.
  const labelled = labels.some((label) => label in body);
  const asked = labelled
    ? JSON.stringify(Object.entries(body).filter(([key]) => !isLabel(key)))
    : text;
  return mix(0, asked.replace(ofTheMoment, '')).toString(36);
}

function isLabel(key: string): boolean {
  return labels.some((label) => label === key);
}
