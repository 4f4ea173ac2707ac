// What the reference chain is told, with every duration in ms and every default filled in.
// A leaf: the schema that reads it from YAML is reference-config.ts.
export interface TargetSettings {
  provider: 'openai' | 'anthropic';
  /** As the provider calls it. */
  model: string;
  /** `provider/model`. */
  name: string;
  /** The environment variable that holds the key. */
  keyVariable: string;
  baseURL: string;
  /** Whether the URL is the user's, not the provider's usual one. */
  hasOwnURL: boolean;
  region: string | null;
  wire: 'openai-chat' | 'openai-responses' | 'anthropic-messages';
}

/** How long one attempt may take; all but `idleMs` count from its start. */
export interface AttemptSettings {
  /** Everything: connect, headers, body. */
  timeoutMs: number;
  /** Null: as long as what comes after the headers. */
  headersMs: number | null;
  /** To the first piece of text of a stream. */
  firstTokenMs: number;
  /** From one piece of text to the next. */
  idleMs: number;
}

export interface RetrySettings {
  /** Further attempts on the same target. */
  max: number;
  /** The shortest wait and the longest. */
  backoff: { fromMs: number; toMs: number };
  jitter: 'full' | 'none';
  /** A provider that asks for more is left for the next target. */
  hintCapMs: number;
}

export interface CacheSettings {
  /** Whether the same words are looked up without asking for vectors. */
  exact: boolean;
  ttlMs: number;
  maxEntries: number;
  /** Null: only the same words are the same question. */
  semantic: SemanticSettings | null;
}

/** Answers to questions that were asked in other words. */
export interface SemanticSettings {
  /** The least cosine of two vectors whose questions are taken for the same. */
  threshold: number;
  /** first: before any target is asked; last: after all have failed. */
  ask: 'first' | 'last';
  /** The longest that a call waits for vectors. */
  timeoutMs: number;
  /** Who makes the vectors. */
  target: Pick<
    TargetSettings,
    'provider' | 'model' | 'name' | 'keyVariable' | 'baseURL' | 'hasOwnURL' | 'region'
  >;
}

/** When a target is left alone for a while. */
export interface BreakerSettings {
  /** So many failures in a row open it. */
  failures: number;
  /** So long nobody asks; then one call does, to see. */
  cooldownMs: number;
}

/** How load is spread over targets of one model that follow each other. */
export interface BalanceSettings {
  strategy: 'healthy-weighted';
}

/** Who may answer critical questions. */
export interface QualitySettings {
  /** The least measured mean, from 0 to 1. */
  minimum: number;
  /** The table of measured means, as an absolute path. */
  file: string;
  /** Means by target and task family. */
  means: Record<string, Record<string, number>>;
}

export interface ReferenceSettings {
  /** For reports. */
  name: string;
  targets: TargetSettings[];
  stream: boolean;
  maxTokens: number;
  attempt: AttemptSettings;
  /** For the whole call, whatever it takes. */
  deadlineMs: number;
  retry: RetrySettings;
  /** What happens when an answer breaks off that the caller has begun to read. */
  afterPayload: 'error' | 'continue';
  cache: CacheSettings | null;
  /** Null: whoever is next answers anything. */
  quality: QualitySettings | null;
  /** Null: every call asks its targets in turn, whatever became of the last ones. */
  breaker: BreakerSettings | null;
  /** Null: targets are asked in the order of the file. */
  balance: BalanceSettings | null;
  /** What the caller gets when nothing else is left; null: an error. */
  degrade: string | null;
  /** Whom it tells what it does, beside its caller; null: nobody. */
  events: 'otel' | null;
}
