// A target of a chain file as recording asks it: the chain's own client of the official SDK, over a
// fetch that keeps the bytes. Loads the SDKs: commands import it when they are about to ask.
import { createTarget } from '../chains/create-targets.ts';
import type { Failure } from '../chains/failure.ts';
import { failureOf } from '../chains/failure.ts';
import type { TargetSettings } from '../chains/settings.ts';
import type { Target, TargetRequest, Usage } from '../chains/target.ts';
import { keyOf } from '../chains/target-key.ts';
import type { ToolCall } from '../chains/tool-call.ts';
import type { Before, Captured } from './capture.ts';
import { Capture } from './capture.ts';

/** What one request brought. */
export interface Asked {
  /** Null where nothing came, or where the answer was known before. */
  captured: Captured | null;
  /** What the model said beside its calls. */
  text: string;
  calls: ToolCall[];
  usage: Usage | null;
  /** Null: a whole answer. */
  failure: Pick<Failure, 'meaning' | 'retry' | 'hintMs' | 'outcome'> | null;
}

export interface RealTarget {
  ask(request: TargetRequest, signal: AbortSignal): Promise<Asked>;
}

/** A recording takes the time that it takes. */
const timeoutMs = 600_000;

/** Throws InputError where the environment has no key. */
export function realTarget(
  settings: TargetSettings,
  nowMs: () => number,
  before: Before,
): RealTarget {
  // Looked up late: the fetch of now is the one that goes to the network.
  const capture = new Capture((input, init) => globalThis.fetch(input, init), nowMs, before);
  const target = createTarget(settings, {
    apiKey: keyOf(settings),
    baseURL: settings.baseURL,
    fetch: capture.fetch,
    timeoutMs,
  });
  return { ask: (request, signal) => askOnce(target, capture, request, signal) };
}

async function askOnce(
  target: Target,
  capture: Capture,
  request: TargetRequest,
  signal: AbortSignal,
): Promise<Asked> {
  const asked: Asked = { captured: null, text: '', calls: [], usage: null, failure: null };
  let hasEnd = false;
  try {
    for await (const part of target.ask(request, signal)) {
      if (part.kind === 'text') asked.text += part.text;
      if (part.kind === 'usage') asked.usage = part.usage;
      if (part.kind !== 'end') continue;
      hasEnd = true;
      asked.calls = part.calls ?? [];
    }
    if (!hasEnd) {
      const outcome = 'broke off before its end';
      asked.failure = { meaning: 'connection', retry: true, hintMs: null, outcome };
    }
  } catch (error) {
    asked.failure = failureOf(error);
  }
  asked.captured = await capture.taken();
  return asked;
}
