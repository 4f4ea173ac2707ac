// The contract of a gateway: a system that others wrote and operate, as it ships, between the
// caller and the providers. One chain file is translated into its own configuration, its own
// process is started on this machine and asked over its OpenAI-compatible API. What a translation
// cannot say is said beside it. A new gateway is one file here and one key in index.ts.

import type { ReferenceSettings } from '../chains/settings.ts';
import type { HarnessError } from '../errors.ts';

/** One chain file in the words of a gateway. */
export interface Translation {
  /** As the gateway is given it, for the report; names of keys, never keys. */
  configuration: string;
  /** What the chain file wants and the gateway has no words for, one sentence each. */
  notSaid: string[];
}

export interface TranslationOptions {
  settings: ReferenceSettings;
  /** What to use in place of `https://HOST`, like http://127.0.0.1:PORT/HOST. */
  origin(host: string): string;
}

export interface GatewayOptions extends TranslationOptions {
  /** Of the repository, where gateways are installed. */
  root: string;
  /** Keys by environment variable. No other variable with a key reaches the process. */
  keys: Record<string, string>;
  /** A folder of its own: configuration and log are written and kept there. */
  dir: string;
  /** Where it listens on 127.0.0.1; a free one unless told. */
  port?: number;
  /** Stops it, whether it has started or not. */
  signal: AbortSignal;
}

export interface RunningGateway extends Translation {
  version: string;
  /** Of an OpenAI-compatible API, like http://127.0.0.1:4000/v1. */
  baseURL: string;
  /** What every request has to carry. */
  headers: Record<string, string>;
  /** What every request has to name. */
  model: string;
  logFile: string;
  /** The process group: all processes that belong to it. */
  group: number;
  /** Resolves where it ends without being asked to. */
  crashed: Promise<HarnessError>;
  /** No process of it is left afterwards. May be called again. */
  stop(): Promise<void>;
}

export interface GatewayKind {
  /** What users write; the file name. */
  name: string;
  /** One line for lists. */
  describe: string;
  /** The installed version; null where `npm run setup:gateways` has not been run. */
  installed(root: string): string | null;
  translate(options: TranslationOptions): Translation;
  /** Throws InputError, HarnessError, or the reason of an abort. Nothing is left then. */
  start(options: GatewayOptions): Promise<RunningGateway>;
}
