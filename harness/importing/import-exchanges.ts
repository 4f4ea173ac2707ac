// Exchanges that somebody recorded -> a workload: which target answered which question, with the
// bytes that it sent. A question is a whole conversation, in whatever wire it was asked, so that
// the same one put to two providers is one sample.
import { basename } from 'node:path';
import { InputError } from '../errors.ts';
import { readExchanges } from '../importers/read-exchanges.ts';
import { cleanRecording, exactRecording, whyNotKept } from '../recordings/recorded-exchange.ts';
import { Redaction } from '../recordings/redaction.ts';
import { exactAnswer } from '../upstream/exact-answer.ts';
import type { Exchange } from '../upstream/exchange.ts';
import type { Recording } from '../upstream/recording.ts';
import { targetName } from '../upstream/recording.ts';
import type { Targets } from '../upstream/targets.ts';
import type { Imported, ImportedSample } from './imported.ts';
import { counted } from './imported.ts';
import { providerOfHost } from './provider-name.ts';
import type { Recordable } from './recordable.ts';
import { questionOf, recordable } from './recordable.ts';
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
export function importExchanges(
  files: readonly NamedFile[],
  targets: Targets,
  patterns: readonly RegExp[] = [],
): Imported {
  const ids = new SampleIds();
  const samples = new Map<string, ImportedSample>();
  const recordings: Recording[] = [];
  const hosts = new Map<string, string>();
  const leftOut: string[] = [];
  let total = 0;
  for (const { path, shown } of files) {
    const { exchanges } = readExchanges(path);
    total += exchanges.length;
    exchanges.forEach((exchange, index) => {
      const redaction = new Redaction([], patterns);
      redaction.learn(exchange.request, exchange.response.headers);
      const asked = askedIn(exchange);
      if (typeof asked === 'string') {
        leftOut.push(redaction.text(asked));
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
      const sample = questionOf(asked.turns, ids, (text) => redaction.text(text));
      const source = `${basename(shown)} #${index + 1}`;
      const of = { sample: sample.id, target, source };
      const recording = recordingOf(exchange, asked, of, redaction);
      if (recording === null) {
        leftOut.push(whyNotKept(exchange.response.status));
        return;
      }
      if (!samples.has(sample.id)) samples.set(sample.id, sample);
      recordings.push(recording);
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
    errors: recordings.filter(isError).length,
    hosts,
    leftOut: left,
  };
}

/** The request as a wire reads it, or why none does. */
function askedIn({ request, response }: Exchange): Recordable | string {
  if (URL.canParse(request.url) && response.status < 200) {
    return `status ${response.status} is no final answer`;
  }
  return recordable({
    method: request.method,
    url: request.url,
    header: (name) => request.headers.find(([one]) => one.toLowerCase() === name)?.[1] ?? null,
    body: request.body ?? '',
  });
}

/** What shows whose the request was is masked wherever it comes back. */
function recordingOf(
  { request, response, recordedAt }: Exchange,
  asked: Recordable,
  of: { sample: string; target: string; source: string },
  redaction: Redaction,
): Recording | null {
  const { status, headers, body, chunks = null } = response;
  const captured = { request, status, headers, headersMs: null, body, chunks, isWhole: true };
  const { sample, target, source } = of;
  const date = recordedAt === undefined ? {} : { date: recordedAt.slice(0, 10) };
  const exact = exactRecording(
    { sample, target, ...date, source },
    asked.wire,
    captured,
    redaction,
  );
  return cleanRecording(exact, redaction);
}

function isError(recording: Recording): boolean {
  return recording.kind === 'recorded' && exactAnswer(recording).failure !== null;
}

function namesOf(files: readonly NamedFile[]): string {
  if (files.length > 3) return `${files.length} files`;
  return files.map(({ shown }) => basename(shown)).join(', ');
}
