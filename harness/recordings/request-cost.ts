// The most that a request of somebody else's program can cost: what it asks for is read from it,
// and what it leaves open is bounded by the model's context window.
import type { ModelPrice } from '../plan-view.ts';
import type { Targets } from '../upstream/targets.ts';
import { wires } from '../wires/index.ts';
import { number, record, records, text } from '../wires/json.ts';
import type { Asked } from '../wires/wire.ts';
import type { Tokens } from './budget.ts';
import { added, costOf } from './budget.ts';

/** Tokens may come from these without a byte of them in the request. */
const elsewhere =
  /"(?:previous_response_id|conversation|cached_?content|file_(?:id|uri|url)|fileUri)"/i;

/** No picture is more, whatever its detail; its bytes may be elsewhere. */
const tokensOfPicture = 50_000;

/** What is known of targets. */
export type Priced = Pick<Targets, 'price' | 'hasPrice' | 'context'>;

/** What a request may cost. */
export interface Most {
  usd: number;
  price: ModelPrice;
  /** Tokens to count in the place of those that the answer tells; null: it tells them. */
  input: number | null;
}

/** What to count of an answer that told `usage`. */
export function countedOf(most: Most | null, { input, output }: Tokens): Tokens {
  return { input: most?.input ?? input, output };
}

/** Or why nobody knows. `body`: as it was sent. */
export function mostOfRequest(
  asked: Asked,
  body: string,
  target: string,
  targets: Priced,
): Most | string {
  const inFile = 'in firedrill/targets.yaml';
  const price = targets.hasPrice(target) ? targets.price(target) : null;
  if (!price) return `nobody knows the price of ${target}: write it under models ${inFile}`;
  if (hasPaidTools(asked.body)) return 'tools that the provider runs have prices of their own';
  const window = targets.context(target)?.tokens ?? null;
  const pictures = wires[asked.wire].traits(asked).images * tokensOfPicture;
  const seen = Buffer.byteLength(body) + added + pictures;
  const isVectors = asked.wire === 'openai-embeddings';
  const output = isVectors ? 0 : (asked.maxTokens ?? window);
  const hidden = bringsReferences(body) ? window : 0;
  // Anthropic takes up to twice the price of what it writes into a cache, and counts it apart.
  const isCached = body.includes('"cache_control"');
  const input = hidden === null ? null : Math.max(seen, hidden) * (isCached ? 2 : 1);
  if (output === null || input === null) {
    const named = 'the request brings files or an earlier answer by name';
    const what = output === null ? 'the request limits no answer' : named;
    const how = `set its max tokens, or write context of the model ${inFile}`;
    return `${what}, and nobody knows the context window of ${target}: ${how}`;
  }
  const usd = costOf(price, { input, output: output * answersOf(asked.body) });
  return { usd, price, input: isCached ? input : null };
}

/** A document of Anthropic's that is somewhere on the web. */
const documentAt = [/"type"\s*:\s*"document"/, /"type"\s*:\s*"url"/];

/** Whether tokens come from what the provider has already, or fetches. */
function bringsReferences(body: string): boolean {
  return elsewhere.test(body) || documentAt.every((part) => part.test(body));
}

/** How many answers it asks for at once. */
function answersOf(body: Record<string, unknown>): number {
  const config = record(body.generationConfig) ?? record(body.generation_config);
  const more = number(config?.candidateCount) ?? number(config?.candidate_count);
  return Math.max(1, number(body.n) ?? more ?? 1);
}

/** Tools that the provider runs: they have prices of their own. */
function hasPaidTools(body: Record<string, unknown>): boolean {
  if (body.web_search_options !== undefined || body.mcp_servers !== undefined) return true;
  return records(body.tools).some((tool) => {
    const type = text(tool.type);
    if (type !== '') return type !== 'function' && type !== 'custom';
    // Google's own have no type: each is a member by its name.
    const isDeclared = 'name' in tool || 'functionDeclarations' in tool;
    return !isDeclared && !('function_declarations' in tool);
  });
}
