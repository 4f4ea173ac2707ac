// Cassettes of Ruby's VCR. Its HTTP libraries unpack bodies before VCR sees them; what a body's
// string means in bytes depends on the encoding that is written beside it.
import type { Exchange } from '../upstream/exchange.ts';
import { fromBase64 } from './body-bytes.ts';
import type { Importer } from './importer.ts';
import { dateHeader, isoTime } from './iso-time.ts';
import { hasTopKey } from './yaml-outline.ts';
import { filled, headersOf, statusOf, unpacked, unpackedText } from './yaml-parts.ts';
import { YamlValue } from './yaml-value.ts';

export const rubyVcr: Importer = {
  name: 'ruby-vcr',
  describe: 'cassettes of the Ruby gem VCR (YAML or JSON, "http_interactions")',
  recognises: (_file, text) => hasTopKey(text, 'http_interactions'),
  parse: (file, text) => YamlValue.parse(file, text).get('http_interactions').items().map(exchange),
};

function exchange(interaction: YamlValue): Exchange {
  const request = interaction.get('request');
  const response = interaction.get('response');
  const requestHeaders = headersOf(request);
  const headers = headersOf(response);
  const asked = request.find('body');
  const answered = response.get('body');
  const recordedAt = isoTime(interaction.find('recorded_at')?.text(), dateHeader(headers));
  return {
    request: {
      method: filled(request.get('method')).toUpperCase(),
      url: filled(request.get('uri')),
      headers: requestHeaders,
      body: asked && unpackedText(storedBytes(asked), requestHeaders, asked),
    },
    response: {
      status: statusOf(response.get('status').get('code')),
      headers,
      body: unpacked(storedBytes(answered), headers, answered),
    },
    ...(recordedAt === undefined ? {} : { recordedAt }),
  };
}

/** Old cassettes keep the bare string in place of `{ encoding, string }`. */
function storedBytes(body: YamlValue): Uint8Array {
  if (body.kind !== 'map') return body.bytes();
  const base64 = body.find('base64_string');
  if (base64) {
    const bytes = fromBase64(base64.text());
    if (!bytes) throw base64.fail('is not base64');
    return bytes;
  }
  const string = body.find('string');
  if (!string) return new Uint8Array();
  const encoding = body.find('encoding')?.text().toUpperCase() ?? 'UTF-8';
  if (string.isBinary || /^(UTF-8|ASCII-8BIT|BINARY|US-ASCII)$/.test(encoding)) {
    return string.bytes();
  }
  return inEncoding(string, encoding);
}

/** VCR writes every string as UTF-8 and turns it back into its own encoding when it replays it. */
function inEncoding(string: YamlValue, encoding: string): Uint8Array {
  const text = string.text();
  const highest = encoding === 'ISO-8859-1' ? 0xff : 0x7f;
  const fits = [...text].every((char) => (char.codePointAt(0) ?? 0) <= highest);
  if (!fits || /^UTF-(16|32)/.test(encoding)) {
    throw string.fail(`is in ${encoding}: only UTF-8, US-ASCII, ASCII-8BIT, ISO-8859-1 are read`);
  }
  return new Uint8Array(Buffer.from(text, 'latin1'));
}
