// The chains that are compared: files as they are, or what becomes of one where the order of its
// targets or its settings change.
import { existsSync } from 'node:fs';
import { basename, dirname, extname, relative, resolve } from 'node:path';
import { stringify } from 'yaml';
import { parseReferenceSettings } from '../chains/reference-config.ts';
import { InputError, placeText } from '../errors.ts';

export interface Candidate {
  /** As the ranking calls it. */
  name: string;
  /** Absolute. */
  file: string;
  /** What is to be written there; null: it is the user's own file. */
  text: string | null;
}

/** Keys and values of a chain's YAML. */
export type ChainValue = Record<string, unknown>;

/** More than anybody reads, and hours of drilling. */
export const mostCandidates = 500;

export function refuseMany(count: number, how: string): void {
  if (count <= mostCandidates) return;
  throw new InputError(
    `asks for ${count.toLocaleString('en')} chains; at most ${mostCandidates} are compared: ${how}`,
  );
}

/** The user's files, each under its own name. */
export function fileCandidates(files: readonly string[], cwd: string): Candidate[] {
  const names = files.map((file) => basename(file, extname(file)));
  return files.map((file, at): Candidate => {
    const name = names[at] ?? file;
    const isAlone = names.filter((other) => other === name).length === 1;
    return { name: isAlone ? name : relative(cwd, file), file, text: null };
  });
}

/** A chain that differs from one of the user's. */
export interface Variant {
  name: string;
  value: ChainValue;
  /** The words that asked for it, for messages. */
  words: string;
}

/**
 * The file as it is written first, then its variants, each once: two that have the same settings
 * are one. `dir`: where they will be written. Throws InputError where one is no chain.
 */
export function variantCandidates(
  own: { file: string; text: string; shown: string },
  variants: readonly Variant[],
  dir: string,
): Candidate[] {
  const as = settingsOf(own.text, own.file);
  const built = variants.map((variant) => {
    const text = textOf(variant, own, dir);
    return { ...variant, text, settings: settingsIn(text, variant.words, own.shown, dir) };
  });
  const reference = built.find(({ settings }) => settings === as);
  const name = reference?.name ?? basename(own.file, extname(own.file));
  const candidates: Candidate[] = [{ name, file: own.file, text: null }];
  const seen = new Set([as]);
  for (const variant of built) {
    if (seen.has(variant.settings)) continue;
    seen.add(variant.settings);
    const file = resolve(dir, `${fileName(candidates.length + 1, variant.name)}.yaml`);
    candidates.push({ name: variant.name, file, text: variant.text });
  }
  return candidates;
}

/** Two texts with the same make the same chain, whatever it is called. */
function settingsOf(text: string, file: string): string {
  return JSON.stringify({ ...parseReferenceSettings(text, file), name: '' });
}

/** What is wrong is told of the words that asked for it: the file is not written yet. */
function settingsIn(text: string, words: string, shown: string, dir: string): string {
  try {
    return settingsOf(text, resolve(dir, 'chain.yaml'));
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const { place, message } = error;
    const why = place ? message.slice(placeText(place).length + 2) : message;
    throw new InputError(`${words}: ${why}`, { file: shown });
  }
}

function textOf({ name, value }: Variant, own: { file: string; shown: string }, dir: string) {
  const moved = movedPaths(value, dirname(own.file), dir) as ChainValue;
  return `# Made by firedrill compare from ${own.shown}.\n${stringify({ ...moved, name })}`;
}

/** What names a file beside the chain has to name it from its new place. */
function movedPaths(value: unknown, from: string, to: string): unknown {
  if (typeof value === 'string') {
    const isFile = /\.(ya?ml|jsonl?|csv)$/.test(value) && existsSync(resolve(from, value));
    return isFile ? relative(to, resolve(from, value)).replaceAll('\\', '/') : value;
  }
  if (Array.isArray(value)) return value.map((each) => movedPaths(each, from, to));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, movedPaths(each, from, to)]),
  );
}

function fileName(number: number, name: string): string {
  const words = name.toLowerCase().replace(/[^a-z0-9.]+/g, '-');
  return `${String(number).padStart(3, '0')}-${words.replace(/^-|-$/g, '').slice(0, 80)}`;
}
