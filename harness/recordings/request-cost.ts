// The most that a request of somebody else's program can cost: what it asks for is read from it,
// and what it leaves open is bounded by the model's context window.
import type { ModelPrice } from '../plan-view.ts';
import type { Targets } from '../upstream/targets.ts';
import { number, record, records, text } from '../wires/json.ts';
import type { Asked } from '../wires/wire.ts';
import { added, costOf } from './budget.ts';

/** Tokens may come from these without a byte of them in the request; pictures are others. */
const elsewhere =
  /"(?:previous_response_id|conversation|cached_?content|file_(?:id|uri|url)|fileUri)"/i;

/** What a request may cost. */
export interface Most {
  usd: number;
  price: ModelPrice;
  /** Tokens to count in the place of those that the answer tells; null: it tells them. */
  input: number | null;
}

/** Or why nobody knows. `body`: as it was sent. */
export function mostOfRequest(
  asked: Asked,
  body: string,
  target: string,
  targets: Targets,
): Most | string {
  const inFile = 'in firedrill/targets.yaml';
  const price = targets.hasPrice(target) ? targets.price(target) : null;
  if (!price) return `nobody knows the price of ${target}: write it under models ${inFile}`;
  if (hasPaidTools(asked.body)) return 'tools that the provider runs have prices of their own';
  const window = targets.context(target)?.tokens ?? null;
  const isWhole = !bringsReferences(body) && !body.includes('"image_url"');
  const bytes = Buffer.byteLength(body) + added;
  const isVectors = asked.wire === 'openai-embeddings';
  const output = isVectors ? 0 : (asked.maxTokens ?? window);
  const whole = isWhole ? bytes : window === null ? null : Math.max(window, bytes);
  // Anthropic takes up to twice the price of what it writes into a cache, and counts it apart.
  const isCached = body.includes('"cache_control"');
  const input = whole === null ? null : whole * (isCached ? 2 : 1);
  if (output === null || input === null) {
    const what = output === null ? 'the request limits no answer' : 'the request brings references';
    const how = `set its max tokens, or write context of the model ${inFile}`;
    return `${what}, and nobody knows the context window of ${target}: ${how}`;
  }
  const usd = costOf(price, { input, output: output * answersOf(asked.body) });
  return { usd, price, input: isCached ? input : null };
}

/** Whether tokens come from what the provider has already. */
export function bringsReferences(body: string): boolean {
  return elsewhere.test(body);
}

/** How many answers it asks for at once. */
export function answersOf(body: Record<string, unknown>): number {
  const config = record(body.generationConfig) ?? record(body.generation_config);
  const more = number(config?.candidateCount) ?? number(config?.candidate_count);
  return Math.max(1, number(body.n) ?? more ?? 1);
}

/** Tools that the provider runs: they have prices of their own. */
export function hasPaidTools(body: Record<string, unknown>): boolean {
  if (body.web_search_options !== undefined || body.mcp_servers !== undefined) return true;
  return records(body.tools).some((tool) => {
    const type = text(tool.type);
    if (type !== '') return type !== 'function' && type !== 'custom';
    // Google's own have no type: each is a member by its name.
    const isDeclared = 'name' in tool || 'functionDeclarations' in tool;
    return !isDeclared && !('function_declarations' in tool);
  });
}
