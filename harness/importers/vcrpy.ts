// Cassettes of VCR.py, and of what grew on it: pydantic-ai's `parsed_body`, its typed bodies of
// 2026, request bodies kept as a tree, dd-trace's header names that are tagged Python objects, and
// the `content` and `status_code` of VCR.py's first recordings of httpx.
import type { Exchange } from '../upstream/exchange.ts';
import { fromBase64 } from './body-bytes.ts';
import type { Importer } from './importer.ts';
import { dateHeader, isoTime } from './iso-time.ts';
import { yamlJson } from './yaml-json.ts';
import { hasTopKey, requestHasKey } from './yaml-outline.ts';
import {
  filled,
  type HeaderList,
  headersOf,
  statusOf,
  unpacked,
  unpackedText,
} from './yaml-parts.ts';
import { YamlValue } from './yaml-value.ts';

export const vcrpy: Importer = {
  name: 'vcrpy',
  describe: 'cassettes of VCR.py and pytest-recording (YAML or JSON, "interactions" with "uri")',
  recognises: (_file, text) => hasTopKey(text, 'interactions') && requestHasKey(text, 'uri'),
  parse: (file, text) => YamlValue.parse(file, text).get('interactions').items().map(exchange),
};

function exchange(interaction: YamlValue): Exchange {
  const request = interaction.get('request');
  const response = interaction.get('response');
  const headers = headersOf(response);
  const recordedAt = isoTime(interaction.find('recorded_at')?.text(), dateHeader(headers));
  return {
    request: {
      method: filled(request.get('method')).toUpperCase(),
      url: filled(request.get('uri')),
      headers: headersOf(request),
      body: requestBody(request),
    },
    response: {
      status: statusIn(response),
      headers,
      body: responseBody(response, headers),
    },
    ...(recordedAt === undefined ? {} : { recordedAt }),
  };
}

/** `{ code, message }`, a bare number, or the `status_code` of the first httpx recordings. */
function statusIn(response: YamlValue): number {
  const status = response.find('status') ?? response.find('status_code');
  if (!status) throw response.fail('has no "status"');
  return statusOf(status.kind === 'map' ? status.get('code') : status);
}

function requestBody(request: YamlValue): string | null {
  const parsed = request.find('parsed_body');
  if (parsed) return yamlJson(parsed);
  const body = request.find('body');
  const stored = body && storedBytes(body);
  return body && stored && unpackedText(stored, headersOf(request), body);
}

function responseBody(response: YamlValue, headers: HeaderList): Uint8Array {
  const parsed = response.find('parsed_body');
  if (parsed) return encode(yamlJson(parsed));
  // A null body has no bytes; a missing one means that the cassette was cut or edited.
  if (!['body', 'content', 'parsed_body'].some((key) => response.has(key))) {
    throw response.fail('has no "body", "parsed_body" or "content"');
  }
  const body = response.find('body') ?? response.find('content');
  const stored = body && storedBytes(body);
  return body && stored ? unpacked(stored, headers, body) : new Uint8Array();
}

/** Null where the recorder wrote that there is no body. */
function storedBytes(body: YamlValue): Uint8Array | null {
  if (body.kind === 'list') return encode(yamlJson(body));
  if (body.kind === 'scalar') return body.bytes();
  const keys = body.entries().map(([key]) => key);
  if (keys.every((key) => key === 'type' || key === 'content')) return typedBytes(body);
  if (keys.every((key) => /^(?:string|base64_string|encoding)$/.test(key))) {
    const base64 = body.find('base64_string');
    return base64 ? base64Bytes(base64) : (body.find('string')?.bytes() ?? null);
  }
  // Clients that hand a tree to their library leave the tree itself in the cassette.
  return encode(yamlJson(body));
}

function typedBytes(body: YamlValue): Uint8Array | null {
  const content = body.find('content');
  if (!content) return null;
  const type = body.get('type').text();
  if (type === 'json') return encode(yamlJson(content));
  if (type === 'text' || type === 'string') return content.bytes();
  if (type === 'base64') return base64Bytes(content);
  throw body.fail(`has the unknown type "${type}": known are json, text and base64`);
}

function base64Bytes(value: YamlValue): Uint8Array {
  const bytes = fromBase64(value.text());
  if (!bytes) throw value.fail('is not base64');
  return bytes;
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
