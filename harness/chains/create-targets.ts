// From settings to clients of the official SDKs. Called once a trial, so that no state survives and
// keys are those of the environment now.
import { anthropicTarget } from './anthropic-target.ts';
import { openAiChatTarget } from './openai-chat-target.ts';
import { openAiResponsesTarget } from './openai-responses-target.ts';
import type { ReferenceSettings, TargetSettings } from './settings.ts';
import type { ClientOptions, Target } from './target.ts';
import { keyOf } from './target-key.ts';

export function createTargets({ targets, attempt }: ReferenceSettings): Target[] {
  // Looked up once: what a test or a drill put there now is what every request uses.
  const { fetch } = globalThis;
  return targets.map((settings) =>
    createTarget(settings, {
      apiKey: keyOf(settings),
      baseURL: settings.baseURL,
      fetch,
      timeoutMs: attempt.timeoutMs + backstopMs,
    }),
  );
}

/** The SDK's own limit, which knows headers only, must never be the first to fire. */
const backstopMs = 1_000;

/** One client; `options` say where its requests go. */
export function createTarget(
  { name, model, wire }: TargetSettings,
  options: ClientOptions,
): Target {
  switch (wire) {
    case 'openai-chat':
      return openAiChatTarget(name, model, options);
    case 'openai-responses':
      return openAiResponsesTarget(name, model, options);
    case 'anthropic-messages':
      return anthropicTarget(name, model, options);
    default:
      return wire satisfies never;
  }
}
