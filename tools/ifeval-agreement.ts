// Our strict verdicts on the instructions of IFEval beside the published ones: every graded answer
// of the outside data, instruction by instruction, and a reason for each way of differing.
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { grade } from '../harness/checks/grade.ts';
import { ifevalChecks, instructionKind } from '../harness/workloads/ifeval-checks.ts';

/** One instruction on which the two do not agree. */
export interface Difference {
  kind: string;
  model: string;
  key: number;
  ours: boolean;
}

export interface Row {
  kind: string;
  n: number;
  same: number;
  differences: Difference[];
}

export interface Agreement {
  /** Graded prompts, each with an answer of every model. */
  prompts: number;
  models: number;
  rows: Row[];
  /** Kinds whose published checkers rest on NLTK's sentences and on langdetect alone. */
  inside: Share;
  outside: Share;
}

interface Share {
  n: number;
  same: number;
  share: number;
  needed: number;
}

const insideKinds = ['length_constraints:number_sentences', 'language:response_language'];

/** Read by hand, answer by answer: who is right where the two differ, and why. */
const reasons: Readonly<Record<string, string>> = {
  'length_constraints:number_words yes':
    'They count `well-known` and `don\'t` as two words, so a text within "at most" is over it for them.',
  'length_constraints:number_words no':
    'They count `well-known` and `don\'t` as two words, so a text short of "at least" reaches it for them.',
  'length_constraints:number_sentences yes':
    'They count the `1.` of a list line as a sentence, and miss ends before a typographic quotation mark.',
  'change_case:english_capital yes':
    'In capitals, and plain English; langdetect takes short texts in capitals for other languages.',
  'change_case:english_capital no':
    'A list of a hundred first names: no language, which franc and langdetect guess differently. A guess.',
  'change_case:english_lowercase yes':
    'In small letters, and plain English; langdetect takes one word, or one strewn with jjj, for another language.',
  'keywords:letter_frequency yes':
    'The sign to count is #, of which there are enough; theirs takes letters only and counts one at random.',
};

export function reasonFor({ kind, ours }: Difference): string | null {
  return reasons[`${kind} ${ours ? 'yes' : 'no'}`] ?? null;
}

interface Prompt {
  key: number;
  instruction_id_list: string[];
  kwargs: Record<string, unknown>[];
}

/** From the folder of the outside data that has ifeval/ in it. */
export function ifevalAgreement(data: string): Agreement {
  const folder = resolve(data, 'ifeval');
  const prompts = new Map(
    lines<Prompt>(resolve(folder, 'prompts.jsonl')).map((one) => [one.key, one]),
  );
  const rows = new Map<string, Row>();
  const files = readdirSync(resolve(folder, 'grades')).sort();
  const keys = new Set<number>();
  for (const file of files) {
    const answers = new Map(
      lines<{ key: number; answer: string }>(resolve(folder, 'answers', file)).map((one) => [
        one.key,
        one.answer,
      ]),
    );
    const model = file.replace(/\.jsonl$/, '');
    for (const { key, strict } of lines<{ key: number; strict: boolean[] }>(
      resolve(folder, 'grades', file),
    )) {
      const prompt = prompts.get(key);
      const answer = answers.get(key);
      if (!prompt || answer === undefined) throw new Error(`${file} grades ${key}: no such answer`);
      keys.add(key);
      compare(rows, prompt, answer, strict, model);
    }
  }
  const all = [...rows.values()].sort((a, b) => (a.kind < b.kind ? -1 : 1));
  const isInside = ({ kind }: Row): boolean => insideKinds.includes(kind);
  return {
    prompts: keys.size,
    models: files.length,
    rows: all,
    inside: shareOf(all.filter(isInside), 0.9),
    outside: shareOf(
      all.filter((row) => !isInside(row)),
      0.97,
    ),
  };
}

function compare(
  rows: Map<string, Row>,
  { key, instruction_id_list: ids, kwargs }: Prompt,
  answer: string,
  strict: readonly boolean[],
  model: string,
): void {
  const checks = ifevalChecks(ids, kwargs);
  ids.forEach((id, at) => {
    const kind = instructionKind(id);
    const check = checks[at];
    if (!check || strict[at] === undefined) throw new Error(`${model} ${key} has no grade ${at}`);
    const row = rows.get(kind) ?? { kind, n: 0, same: 0, differences: [] };
    rows.set(kind, row);
    const ours = grade([check], answer).score === 1;
    row.n++;
    if (ours === strict[at]) row.same++;
    else row.differences.push({ kind, model, key, ours });
  });
}

function shareOf(rows: readonly Row[], needed: number): Share {
  const n = rows.reduce((sum, row) => sum + row.n, 0);
  const same = rows.reduce((sum, row) => sum + row.same, 0);
  return { n, same, share: n === 0 ? 0 : same / n, needed };
}

function lines<T>(file: string): T[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);
}
