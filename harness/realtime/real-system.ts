// The contract of a system that is drilled in real time: something behind HTTP, in a process of its
// own, that asks the providers which this process plays. A leaf.
import type { Limits } from '../limits.ts';

/** What of a chain file or an address is known before anything is started. */
export interface RealSystem {
  /** For reports. */
  name: string;
  /** provider/model in order, the primary first. */
  targets: string[];
  /** What it promises, as far as it is said. */
  limits: Partial<Limits>;
  stream: boolean;
  /** Where it finds the providers; 0: it is told when it is started. */
  port: number;
  /** How many of it may run beside each other. */
  most: number;
  start(options: StartOptions): Promise<RunningSystem>;
}

export interface StartOptions {
  /** What to use in place of `https://HOST`. */
  origin(host: string): string;
  /** A folder of its own, for configuration and log. */
  dir: string;
  signal: AbortSignal;
}

export interface RunningSystem {
  /** Of an OpenAI-compatible API, with its version: http://127.0.0.1:4000/v1 */
  baseURL: string;
  headers: Record<string, string>;
  model: string;
  /** Resolves where it ends without being asked to; absent where nobody here started it. */
  crashed?: Promise<Error>;
  stop(): Promise<void>;
}
