// The contract of an importer: one file per foreign recording format. An importer only reads;
// what becomes of its exchanges is decided by recording.ts.
import type { Exchange } from '../upstream/exchange.ts';

export interface Importer {
  /** The name users see, e.g. `vcrpy`. */
  name: string;
  /** One line for `--help` and for the message "this is none of ...". */
  describe: string;
  /** Whether a file is of this format, from its name and its text; cheap, never throws. */
  recognises(file: string, text: string): boolean;
  /** All exchanges of the file in order. Throws InputError with file and line. */
  parse(file: string, text: string): Exchange[];
}
