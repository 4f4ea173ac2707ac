import { z } from 'zod';
import type { Check } from './check.ts';

const settings = z.strictObject({
  title: z
    .enum(['angles', 'markdown'])
    .describe('How it is marked: `<<Title>>` (angles), or `# Title` as first line (markdown).'),
});

export const title: Check<z.infer<typeof settings>> = {
  kind: 'title',
  describe: 'the text has a title: `<<Title>>` (angles), or `# Title` first (markdown)',
  example: '{ title: angles }',
  settings,
  holds({ title: wanted }, text) {
    if (wanted === 'markdown') return /^#{1,6}[ \t]+\S/.test(text.trimStart());
    return text.split('\n').some((line) => {
      const from = line.indexOf('<<');
      const to = line.lastIndexOf('>>');
      return from >= 0 && to > from && /[^\s<>]/.test(line.slice(from + 2, to));
    });
  },
};
