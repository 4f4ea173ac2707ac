import { dialectOf } from './dialect-of.ts';
import type { LintRule } from './lint-rule.ts';

const most = 32 * 1024 * 1024;

/** Anthropic's edge turns large bodies away before the API sees them. */
export const bodySize: LintRule = {
  name: 'body-size',
  describe: 'a body above the 32 MB that Anthropic takes',
  example: 'a dozen large images in one request to Claude',
  look(request) {
    const dialect = dialectOf(request);
    if (dialect !== 'anthropic' && dialect !== 'compat') return [];
    const bytes = Buffer.byteLength(JSON.stringify(request.body));
    if (bytes <= most) return [];
    const what = `the body has ${Math.round(bytes / 1024 / 1024)} MB, Anthropic takes 32: 413 from its edge`;
    return [{ effect: 'rejected', what, source: 'platform.claude.com/docs/en/api/errors' }];
  },
};
