// The contract of a dialect: how a host that speaks OpenAI's wires tells its errors. Faults decide
// in neutral words, the wire knows how OpenAI looks, a dialect knows what its host does otherwise.
// A new dialect is one file here, one name in dialect-name.ts and one key in index.ts.
import type { InBandForm, Keepalive } from '../faults/effect.ts';
import type { Rejection } from '../faults/rejection.ts';
import type { Asked, Frame, Reply, Stamp } from '../wires/wire.ts';
import type { DialectName } from './dialect-name.ts';

export interface Dialect {
  name: DialectName;
  /** One line for `firedrill list dialects`. */
  describe: string;
  /** Status, headers and body of a rejection; null: as OpenAI does. */
  reject(rejection: Rejection, asked: Asked, stamp: Stamp): Reply | null;
  /** An error inside a 200; null: as OpenAI does. */
  errorFrames?(
    rejection: Rejection,
    asked: Asked,
    stamp: Stamp,
    sent: readonly Frame[],
    form?: InBandForm,
  ): Frame[] | null;
  /** What is sent in a silence; null: as OpenAI does. */
  keepalive?(form: Keepalive['form']): Frame | null;
}
