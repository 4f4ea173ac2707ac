// The credentials that chains find in their environment, in whatever process they run: never real
// ones. A leaf.

/** By provider. */
export const drillKeys: Record<string, string> = {
  openai: 'sk-firedrill-openai-000000000000000000000000',
  anthropic: 'sk-ant-firedrill-00000000000000000000000000',
  google: 'AIzaFiredrill0000000000000000000000000',
};

/** Of accounts that have several keys: OPENAI_API_KEY_2 and so on. */
const furtherKeys = [2, 3, 4];

/**
 * In place of variables that hold real keys; all others are as the user set them. A further key
 * begins with the first one, so that whatever looks for that one finds it too.
 */
export function drillVariables(given: NodeJS.ProcessEnv): Record<string, string> {
  const { openai = '', anthropic = '', google = '' } = drillKeys;
  const further = furtherKeys.flatMap((number) => [
    [`OPENAI_API_KEY_${number}`, `${openai}-${number}`],
    [`ANTHROPIC_API_KEY_${number}`, `${anthropic}-${number}`],
  ]);
  return {
    OPENAI_API_KEY: openai,
    ANTHROPIC_API_KEY: anthropic,
    ...Object.fromEntries(further),
    GEMINI_API_KEY: google,
    // Google's SDK takes this one first, and warns where both are set.
    ...(given.GOOGLE_API_KEY ? { GOOGLE_API_KEY: google } : {}),
  };
}
