import { join } from 'node:path';
import { expect, it } from 'vitest';
import { recordingDigest } from '../../harness/recordings/recording-digest.ts';
import { soundRecordings } from '../../harness/recordings/sound-recordings.ts';
import type { ExactRecording } from '../../harness/upstream/recording.ts';
import { folderWith } from '../cli.ts';

const body = '{"choices":[{"message":{"content":"Paris"},"finish_reason":"stop"}]}';
const plain: ExactRecording = {
  kind: 'recorded',
  sample: 'capital',
  target: 'openai/gpt-4o',
  source: 'a test',
  wire: 'openai-chat',
  exchange: { status: 200, headers: [['content-type', 'application/json']], body: { text: body } },
};
const sealed = { ...plain, digest: recordingDigest(plain) };

function read(...recordings: object[]) {
  const text = recordings.map((one) => JSON.stringify(one)).join('\n');
  return soundRecordings(join(folderWith({ 'answers.jsonl': text }), 'answers.jsonl'));
}

it('takes recordings that are as they were recorded, and those without a digest', () => {
  expect(read(sealed, plain)).toHaveLength(2);
});

it.each([
  ['another body', { body: { text: body.replace('Paris', 'Pasis') } }],
  ['another status', { status: 201 }],
  ['a header less', { headers: [] }],
  ['another time', { headersMs: 3 }],
])('does not serve %s as the bytes of a provider', (_, change) => {
  const changed = { ...sealed, exchange: { ...sealed.exchange, ...change } };
  expect(() => read(plain, changed)).toThrow(/answers\.jsonl:2: digest: is of another exchange/);
});
