// The variables of the environment by which programs find their providers.
import { drillVariables } from '../trial/drill-keys.ts';

/** Where SDKs of any language look for their provider and their key. */
export function environment(origin: (host: string) => string): Record<string, string> {
  return { ...drillVariables(process.env), ...baseUrls(origin) };
}

/** The address of each provider alone. */
export function baseUrls(origin: (host: string) => string): Record<string, string> {
  return {
    OPENAI_BASE_URL: `${origin('api.openai.com')}/v1`,
    OPENAI_API_BASE: `${origin('api.openai.com')}/v1`,
    ANTHROPIC_BASE_URL: origin('api.anthropic.com'),
    GOOGLE_GEMINI_BASE_URL: origin('generativelanguage.googleapis.com'),
  };
}
