// Cassettes of go-vcr (dnaeon/go-vcr, versions 1 and 2 of the file). Bodies are strings, already
// unpacked by Go's transport unless the client asked for gzip itself.
import type { Exchange } from '../upstream/exchange.ts';
import type { Importer } from './importer.ts';
import { dateHeader, isoTime } from './iso-time.ts';
import { hasTopKey, requestHasKey } from './yaml-outline.ts';
import { filled, headersOf, statusOf, unpacked, unpackedText } from './yaml-parts.ts';
import { YamlValue } from './yaml-value.ts';

export const goVcr: Importer = {
  name: 'go-vcr',
  describe: 'cassettes of go-vcr (YAML, "interactions" with "url")',
  recognises: (_file, text) => hasTopKey(text, 'interactions') && requestHasKey(text, 'url'),
  parse: (file, text) => YamlValue.parse(file, text).get('interactions').items().map(exchange),
};

function exchange(interaction: YamlValue): Exchange {
  const request = interaction.get('request');
  const response = interaction.get('response');
  const requestHeaders = headersOf(request);
  const headers = headersOf(response);
  const asked = request.find('body');
  const answered = response.get('body');
  const recordedAt = isoTime(dateHeader(headers));
  const durationMs = goDurationMs(response.find('duration')?.text() ?? '');
  return {
    request: {
      method: filled(request.get('method')).toUpperCase(),
      url: filled(request.get('url')),
      headers: requestHeaders,
      body: asked && unpackedText(asked.bytes(), requestHeaders, asked),
    },
    response: {
      status: statusOf(response.get('code')),
      headers,
      body: unpacked(answered.bytes(), headers, answered),
    },
    ...(recordedAt === undefined ? {} : { recordedAt }),
    ...(durationMs === undefined ? {} : { durationMs }),
  };
}

const UNIT_MS: ReadonlyMap<string, number> = new Map([
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
  ['ms', 1],
  ['µs', 1e-3],
  ['μs', 1e-3],
  ['us', 1e-3],
  ['ns', 1e-6],
]);

/** Milliseconds of a Go duration such as `1m2.5s`; undefined for anything else. */
export function goDurationMs(text: string): number | undefined {
  const part = /([0-9]+(?:\.[0-9]+)?)(h|ms|m|µs|μs|us|ns|s)/g;
  if (text === '' || text.replace(part, '') !== '') return undefined;
  let ms = 0;
  for (const [, amount, unit] of text.matchAll(part)) {
    ms += Number(amount) * (UNIT_MS.get(unit ?? '') ?? 0);
  }
  return ms;
}
