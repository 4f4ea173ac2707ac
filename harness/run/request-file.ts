// The requests of a trial as they were sent, one JSON object a line, for the linter. Credentials
// are left out: those that requests carry, and those that chains find in their environment.
import { closeSync, openSync, writeSync } from 'node:fs';
import { HarnessError, messageOf } from '../errors.ts';
import { drillKeys } from '../trial/drill-keys.ts';
import type { Asked } from '../wires/wire.ts';

/** What is kept of a request: all that was understood of it but its credential. */
export type KeptRequest = Omit<Asked, 'key'>;

export interface RequestLine {
  /** The number of its attempt in the history of the trial. */
  attempt: number;
  asked: KeptRequest;
}

export class RequestFile {
  readonly #file: string;
  readonly #descriptor: number;
  readonly #secrets = new Set(Object.values(drillKeys));

  constructor(file: string) {
    this.#file = file;
    this.#descriptor = this.#act(() => openSync(file, 'w'));
  }

  take = (attempt: number, { key, ...asked }: Asked): void => {
    const line: RequestLine = { attempt, asked };
    if (key !== null) this.#secrets.add(key);
    const bytes = Buffer.from(`${withoutSecrets(JSON.stringify(line), this.#secrets)}\n`, 'utf8');
    this.#act(() => {
      for (let at = 0; at < bytes.length; ) at += writeSync(this.#descriptor, bytes, at);
    });
  };

  close(): void {
    this.#act(() => closeSync(this.#descriptor));
  }

  #act<T>(act: () => T): T {
    try {
      return act();
    } catch (error) {
      throw new HarnessError(`${this.#file} cannot be written: ${messageOf(error)}`);
    }
  }
}

/** Shorter ones are words that may well stand in a prompt, and no secret. */
const leastLength = 8;

/** A key may stand in a prompt, too: chains paste more than they mean to. */
function withoutSecrets(json: string, secrets: ReadonlySet<string>): string {
  let text = json;
  for (const secret of secrets) {
    // As it stands inside of a JSON text.
    const written = JSON.stringify(secret).slice(1, -1);
    if (written.length >= leastLength) text = text.replaceAll(written, '[key]');
  }
  return text;
}
