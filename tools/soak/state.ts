// What a soak has done so far, on disk: one line for each block of trials of a scenario, written
// when all of it is judged. A kill costs the blocks that were on their way.
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../harness/project.ts';

export interface Accusation {
  chain: string;
  scenario: string;
  trial: number;
  /** I01 to I28, `crash` or `spin`. */
  rule: string;
  text: string;
  replay: string;
}

/** So many trials of one scenario with one chain, judged. */
export interface Block {
  scenario: string;
  from: number;
  to: number;
  /** Whether the trials had their twins beside them. */
  twins: boolean;
  calls: number;
  /** Calls that got a whole answer. */
  usable: number;
  /** Trials and twins. */
  drills: number;
  ms: number;
  /** By rule: calls that put the chain to this test. */
  exercised: Record<string, number>;
  accusations: Accusation[];
}

/** The blocks of one chain; `fingerprint` names all that its results depend on. */
export class BlockFile {
  readonly blocks: Block[] = [];
  readonly #file: string;

  constructor(dir: string, chain: string, fingerprint: string) {
    mkdirSync(dir, { recursive: true });
    this.#file = join(dir, `${chain}-${fingerprint}.jsonl`);
    if (!existsSync(this.#file)) return;
    for (const line of readFileSync(this.#file, 'utf8').split('\n')) {
      try {
        if (line !== '') this.blocks.push(JSON.parse(line));
      } catch {
        // Cut off by a kill: its trials are drilled again.
      }
    }
  }

  has(scenario: string, from: number, to: number, twins: boolean): boolean {
    return this.blocks.some((one) => {
      const { scenario: name, ...rest } = one;
      return name === scenario && rest.from === from && rest.to === to && rest.twins === twins;
    });
  }

  add(block: Block): void {
    this.blocks.push(block);
    appendFileSync(this.#file, `\n${JSON.stringify(block)}`);
  }
}

/** Of the code that drills and judges. */
export function harnessHash(): string {
  const hash = createHash('sha256');
  const dir = join(packageRoot, 'harness');
  const files = readdirSync(dir, { recursive: true, encoding: 'utf8' }).sort();
  for (const file of files.filter((name) => name.endsWith('.ts'))) {
    hash.update(`${file}\n`).update(readFileSync(join(dir, file)));
  }
  return hash.digest('hex');
}
