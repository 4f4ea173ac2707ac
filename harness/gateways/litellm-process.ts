// What LiteLLM's proxy and its Router have in common as processes: an environment in which nothing
// is read or sent that is not part of the drill.
import { join } from 'node:path';
import { installationDir, installedVersion } from './installed.ts';

export function litellmVersion(root: string): string | null {
  return installedVersion(root, 'python', 'litellm');
}

/** A program of the virtual environment. */
export function pythonProgram(root: string, name: 'python' | 'litellm'): string {
  return join(installationDir(root, 'python'), 'bin', name);
}

/** How long it may take to start: it loads hundreds of modules, on a busy machine too. */
export const litellmStartMs = 120_000;

export const litellmEnvironment: Record<string, string> = {
  // Any other mode loads the nearest .env, which is the user's.
  LITELLM_MODE: 'PRODUCTION',
  // Tables that it would fetch, as they came with the package.
  LITELLM_LOCAL_MODEL_COST_MAP: 'True',
  LITELLM_LOCAL_ANTHROPIC_BETA_HEADERS: 'True',
  LITELLM_LOCAL_AUTOROUTER_PRESETS: 'True',
  LITELLM_LOCAL_BLOG_POSTS: 'True',
  LITELLM_LOCAL_POLICY_TEMPLATES: 'True',
  PYTHONUNBUFFERED: '1',
  PYTHONNOUSERSITE: '1',
};
