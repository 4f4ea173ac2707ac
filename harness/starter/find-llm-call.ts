// Where a user's project asks a model, found by a look at its text: which file, with which models,
// and whether it exports a function that a chain can call. Nothing of the project is executed.
import type { ExportedAsk } from './exported-ask.ts';
import { exportedAsk } from './exported-ask.ts';
import type { SourceFile } from './source-files.ts';

export type Sdk = 'openai' | 'anthropic';

export interface LlmCall {
  /** The file, relative to the project, with `/`. */
  path: string;
  /** provider/model in order of their first mention; empty where it names none. */
  targets: string[];
  ask: ExportedAsk | null;
  /** Hosts of base URLs, beside the official ones. */
  hosts: string[];
}

const signs: Record<Sdk, RegExp> = {
  openai: /(?:from|require\(|import\()\s*['"]openai['"]|\.(?:completions|responses)\.create\s*\(/,
  anthropic:
    /(?:from|require\(|import\()\s*['"]@anthropic-ai\/sdk['"]|\.messages\.(?:create|stream)\s*\(/,
};
/** Frameworks that ask models through clients of their own. */
const framework =
  /(?:from|require\()\s*['"](?:ai|@ai-sdk\/[\w-]+|@langchain\/(?:openai|anthropic))['"]/;
const model =
  /(["'`])(?:openai\/|anthropic\/)?((?:gpt|chatgpt|claude)-[\w.:-]+|o[1-9](?:-[\w.-]+)?)\1/g;
const official = new Set(['api.openai.com', 'api.anthropic.com', 'eu.api.openai.com']);

/**
 * The first file that exports a function to call, else the first that asks a model at all; null
 * where none does. Models that it does not name itself are those of the first file that names some.
 */
export function findLlmCall(files: Iterable<SourceFile>): LlmCall | null {
  let first: LlmCall | null = null;
  let elsewhere: string[] = [];
  for (const file of files) {
    const call = llmCallIn(file);
    if (elsewhere.length === 0) elsewhere = targetsIn(file.text);
    if (call) first ??= call;
    if (call?.ask) {
      first = call;
      break;
    }
  }
  if (first && first.targets.length === 0) return { ...first, targets: elsewhere };
  return first;
}

/** Null where the file does not ask a model; it may call another that does. */
function llmCallIn(file: SourceFile): LlmCall | null {
  const code = withoutComments(file.text);
  const asks = [signs.openai, signs.anthropic, framework].some((sign) => sign.test(code));
  return asks ? describeCall(file) : null;
}

/** What the text of a file says, whether or not it asks a model itself. */
export function describeCall({ path, text }: SourceFile): LlmCall {
  const code = withoutComments(text);
  return {
    path,
    targets: targetsIn(code),
    ask: exportedAsk(code, /\.[cm]?tsx?$/.test(path)),
    hosts: hostsIn(code),
  };
}

function targetsIn(code: string): string[] {
  const models = [...code.matchAll(model)].map(([, , name = '']) => name);
  return [...new Set(models)].map((name) =>
    name.startsWith('claude') ? `anthropic/${name}` : `openai/${name}`,
  );
}

function hostsIn(code: string): string[] {
  const urls = [...code.matchAll(/baseURL\s*[:=]\s*["'`](https?:\/\/[^"'`]+)/g)];
  const hosts = urls.flatMap(([, url = '']) => (URL.canParse(url) ? [new URL(url).host] : []));
  return [...new Set(hosts)].filter((host) => !official.has(host));
}

/** Whole lines of comment and blocks; what stands behind code on a line may stay. */
function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
}
