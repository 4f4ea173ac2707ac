// The importers by the name that users type; a further format is one file and one key here.
import { goVcr } from './go-vcr.ts';
import { har } from './har.ts';
import type { Importer } from './importer.ts';
import { rubyVcr } from './ruby-vcr.ts';
import { vcrpy } from './vcrpy.ts';

export const importers: Readonly<Record<string, Importer>> = {
  vcrpy,
  'ruby-vcr': rubyVcr,
  'go-vcr': goVcr,
  har,
};
