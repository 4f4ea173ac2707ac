// Names of samples that an import makes: readable, and the same for the same question every time.
import { createHash } from 'node:crypto';

const words = 5;
const shortHash = 6;

/** Gives each question its name; one giver an import, so that no two questions share one. */
export class SampleIds {
  readonly #keyOf = new Map<string, string>();

  /** `key`: all that makes the question what it is. `prompt`: what its name is made of. */
  idOf(key: string, prompt: string): string {
    const hash = createHash('sha256').update(key).digest('hex');
    const slug = slugOf(prompt);
    for (let length = shortHash; ; length *= 2) {
      const tag = hash.slice(0, length);
      const id = slug === '' ? tag : `${slug}-${tag}`;
      const other = this.#keyOf.get(id);
      if (other !== undefined && other !== key && length < hash.length) continue;
      this.#keyOf.set(id, key);
      return id;
    }
  }
}

function slugOf(prompt: string): string {
  const found =
    prompt
      .slice(0, 400)
      .toLowerCase()
      .match(/[a-z0-9]+/g) ?? [];
  return found.slice(0, words).join('-').slice(0, 32).replace(/-$/, '');
}
