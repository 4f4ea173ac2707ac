// The map of adapters: every one that there is, by the name that `--through` takes.
import type { Adapter } from './adapter.ts';
import { aiFallback } from './ai-fallback.ts';
import { aiRetry } from './ai-retry.ts';
import { aiSdkAdapter } from './ai-sdk.ts';
import { bareSdks } from './bare-sdks.ts';
import { langchain } from './langchain.ts';

export const adapters: Readonly<Record<string, Adapter>> = {
  'ai-fallback': aiFallback,
  'ai-retry': aiRetry,
  'ai-sdk': aiSdkAdapter,
  'bare-sdks': bareSdks,
  langchain,
};
