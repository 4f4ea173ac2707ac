// What a history says of one request as it came in. Part of history.ts; a leaf.

/** What a question has and a request does not bring. */
export type Lack = 'question' | 'system' | 'tools' | 'parameters' | 'results' | 'schema';

export interface AttemptEvent {
  e: 'attempt';
  /** ms since the start of the trial. */
  t: number;
  /** From 1, unique in the trial. */
  attempt: number;
  /** Null where it could not be attributed. */
  call: number | null;
  provider: string;
  model: string;
  region: string | null;
  /** Short hash of the credential, never the credential. */
  key: string | null;
  wire: string;
  stream: boolean;
  /** Hash of the request body: equal for equal requests. */
  body: string;
  /** Credential of another provider than the host's, or a model that is not its own. */
  foreign?: 'key' | 'model';
  /** A credential of another provider stands elsewhere in it: whose, and where. Never which. */
  secret?: { of: string; in: string };
  /** 1 + the tool results in the request; absent where the sample has no tools. */
  turn?: number;
  /** What its question has and it does not bring; absent: nothing. */
  lacks?: Lack[];
  /** How many images it brings; absent: none. */
  images?: number;
  /** It repeats what a failed attempt had said: its half answer, or the words of its error. */
  brings?: { attempt: number; what: 'text' | 'error' };
  /** It does not ask the call's question: a probe, say, that the call set off. */
  beside?: true;
  /** It asks for vectors: the chain works with them, no caller reads them. */
  vectors?: true;
  /** For how many texts it wants vectors; absent: for one. */
  inputs?: number;
  /** In how many dimensions. */
  width?: number;
}
