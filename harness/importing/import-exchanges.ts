// Exchanges that somebody recorded -> a workload: which target answered which question, with the
// bytes that it sent. A question is a whole conversation, in whatever wire it was asked, so that
// the same one put to two providers is one sample.
import { basename } from 'node:path';
import { InputError } from '../errors.ts';
import { readExchanges } from '../importers/read-exchanges.ts';
import { exactAnswer } from '../upstream/exact-answer.ts';
import type { Exchange } from '../upstream/exchange.ts';
import type { ExactRecording } from '../upstream/recording.ts';
import { targetName } from '../upstream/recording.ts';
import type { Targets } from '../upstream/targets.ts';
import { wires } from '../wires/index.ts';
import type { Asked, RawRequest, Turn } from '../wires/wire.ts';
import type { TextWireName } from '../wires/wire-name.ts';
import { textWireNames } from '../wires/wire-name.ts';
import type { Imported, ImportedSample } from './imported.ts';
import { counted } from './imported.ts';
import { providerOfHost } from './provider-name.ts';
import { keptHeaders } from './recorded-headers.ts';
import { SampleIds } from './sample-ids.ts';

/** A file to read, and its name in messages and recordings. */
export interface NamedFile {
  path: string;
  shown: string;
}

/**
 * `targets` knows whose hosts are whose; other hosts get a provider by their name.
 * Throws InputError for files of no known format, and where no exchange is on a known endpoint.
 */
export function importExchanges(files: readonly NamedFile[], targets: Targets): Imported {
  const ids = new SampleIds();
  const samples = new Map<string, ImportedSample>();
  const recordings: ExactRecording[] = [];
  const hosts = new Map<string, string>();
  const leftOut: string[] = [];
  let total = 0;
  for (const { path, shown } of files) {
    const { exchanges } = readExchanges(path);
    total += exchanges.length;
    exchanges.forEach((exchange, index) => {
      const asked = askedIn(exchange);
      if (typeof asked === 'string') {
        leftOut.push(asked);
        return;
      }
      const { host } = new URL(exchange.request.url);
      const provider = targets.host(host)?.provider ?? providerOfHost(host);
      const target = `${provider}/${asked.model}`;
      if (!targetName.safeParse(target).success) {
        leftOut.push('the request names no model');
        return;
      }
      hosts.set(host, provider);
      const sample = sampleOf(asked.turns, ids);
      if (!samples.has(sample.id)) samples.set(sample.id, sample);
      const source = `${basename(shown)} #${index + 1}`;
      recordings.push(recordingOf(exchange, asked, { sample: sample.id, target, source }));
    });
  }
  const left = counted(leftOut);
  if (recordings.length === 0) {
    const what = files.length === 1 ? (files[0]?.shown ?? '') : `${files.length} files`;
    const reasons = left.map(({ reason, count }) => `${count}: ${reason}`).join('; ');
    throw new InputError(`none of ${total} exchanges can be imported (${reasons})`, { file: what });
  }
  return {
    provenance: `recorded: exchanges of ${namesOf(files)}`,
    samples: [...samples.values()],
    recordings,
    errors: recordings.filter((one) => exactAnswer(one).failure !== null).length,
    hosts,
    leftOut: left,
  };
}

type Recordable = Asked & { wire: TextWireName };

/** The request as a wire reads it, or why none does. The query is not shown: it may hold a key. */
function askedIn({ request, response }: Exchange): Recordable | string {
  const [shown = ''] = request.url.split('?');
  if (!URL.canParse(request.url)) return `not a valid URL: ${shown}`;
  if (response.status < 200) return `status ${response.status} is no final answer`;
  const raw: RawRequest = {
    method: request.method,
    url: request.url,
    header: (name) => request.headers.find(([one]) => one.toLowerCase() === name)?.[1] ?? null,
    body: request.body ?? '',
  };
  for (const wire of textWireNames) {
    const asked = wires[wire].decode(raw);
    if (asked) return { ...asked, wire };
  }
  if (Object.values(wires).some((wire) => wire.decode(raw))) {
    return 'vectors: a drill makes its own';
  }
  const { host, pathname } = new URL(request.url);
  return `no wire speaks ${request.method} ${host}${pathname}`;
}

function sampleOf(turns: readonly Turn[], ids: SampleIds): ImportedSample {
  const system = turns.filter(({ role }) => role === 'system').map(({ text }) => text);
  const asked = turns.findLast(({ role, text }) => role === 'user' && text.trim() !== '');
  const prompt = asked?.text ?? '(the recorded request holds no text)';
  const id = ids.idOf(JSON.stringify(turns.map(({ role, text }) => [role, text])), prompt);
  return { id, system: system.length > 0 ? system.join('\n\n') : null, prompt };
}

function recordingOf(
  { request, response, recordedAt }: Exchange,
  asked: Recordable,
  of: { sample: string; target: string; source: string },
): ExactRecording {
  return {
    kind: 'recorded',
    sample: of.sample,
    target: of.target,
    ...(recordedAt === undefined ? {} : { date: recordedAt.slice(0, 10) }),
    source: of.source,
    wire: asked.wire,
    exchange: {
      status: response.status,
      headers: keptHeaders(response.headers, request.headers),
      body: stored(response.body),
      ...(response.chunks ? { chunks: response.chunks } : {}),
    },
  };
}

/** As text where that keeps every byte. */
function stored(body: Uint8Array): { text: string } | { base64: string } {
  const bytes = Buffer.from(body);
  const text = bytes.toString('utf8');
  return Buffer.from(text, 'utf8').equals(bytes) ? { text } : { base64: bytes.toString('base64') };
}

function namesOf(files: readonly NamedFile[]): string {
  if (files.length > 3) return `${files.length} files`;
  return files.map(({ shown }) => basename(shown)).join(', ');
}
