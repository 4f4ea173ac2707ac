// The targets of planted chains: those of the reference chain, and Gemini beside them.
import { parse } from 'yaml';
import { openAiChatTarget } from '../../../harness/chains/openai-chat-target.ts';
import { parseReferenceSettings } from '../../../harness/chains/reference-config.ts';
import type { Target } from '../../../harness/chains/target.ts';
import { geminiTarget } from './gemini-target.ts';
import type { Mistake } from './mistakes.ts';
import { targetsFor } from './sent-wrong.ts';

const timeoutMs = 1_200_000;

/** `yaml`: a list of targets as the reference chain has it. Called anew in every trial. */
export function plantedTargets(yaml: string, mistake: Mistake | null): () => Target[] {
  const list: unknown[] = parse(yaml);
  const shipped = list.filter((target) => !isGoogle(target));
  const text = `targets: ${JSON.stringify(shipped)}\nattempt: { timeout: ${timeoutMs}ms }\n`;
  const settings = shipped.length > 0 ? parseReferenceSettings(text, 'planted.yaml') : null;
  return () => {
    const made = settings ? targetsFor(mistake, settings) : [];
    return list.flatMap((target) => {
      if (isGoogle(target)) return [geminiTarget(target, process.env.GEMINI_API_KEY ?? '')];
      const next = made.shift();
      const lenient = mistake === 'takes-error-finish' && next?.name === 'openai/gpt-4o';
      if (mistake === 'counts-at-done' && next?.name === 'openai/gpt-4o') {
        return rewritingTarget(withoutUncounted);
      }
      return lenient ? rewritingTarget(lenientText) : next ? [next] : [];
    });
  };
}

function isGoogle(target: unknown): target is string {
  return typeof target === 'string' && target.startsWith('google/');
}

/** Reads any finish reason that it does not know as `stop`. */
function lenientText(text: string): string {
  return text.replace(/"finish_reason":\s*"error"/, '"finish_reason":"stop"');
}

/** What a stream counts that ends without [DONE] is lost. */
function withoutUncounted(text: string): string {
  if (!text.startsWith('data:') || text.includes('[DONE]')) return text;
  return text.replace(/"usage":\s*\{.*\}(?=\}$)/m, '"usage":null');
}

/** Reads another text than the one that was sent. */
function rewritingTarget(rewritten: (text: string) => string): Target[] {
  const { fetch } = globalThis;
  const rewriting: typeof fetch = async (input, init) => {
    const response = await fetch(input, init);
    const text = rewritten(await response.text());
    return new Response(text, { status: response.status, headers: response.headers });
  };
  const apiKey = process.env.OPENAI_API_KEY ?? '';
  const baseURL = 'https://api.openai.com/v1';
  return [
    openAiChatTarget('openai/gpt-4o', 'gpt-4o', { apiKey, baseURL, fetch: rewriting, timeoutMs }),
  ];
}
