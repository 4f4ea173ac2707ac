import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { importExchanges } from '../../harness/importing/import-exchanges.ts';
import { providerOfHost } from '../../harness/importing/provider-name.ts';
import { keptHeaders } from '../../harness/importing/recorded-headers.ts';
import { SampleIds } from '../../harness/importing/sample-ids.ts';
import { shippedTargets } from '../../harness/project.ts';
import { bodyOf, recordingSchema } from '../../harness/upstream/recording.ts';
import { createTargets, readTargets } from '../../harness/upstream/targets.ts';
import { folderWith } from '../cli.ts';
import type { Taped } from './cassettes.ts';
import {
  anthropicUrl,
  cassette,
  chatAnswer,
  chatAsk,
  claudeAnswer,
  claudeAsk,
  openaiUrl,
} from './cassettes.ts';

const targets = createTargets(readTargets([shippedTargets]));

function imported(...tapes: Taped[]) {
  const path = `${folderWith({ 'a.yaml': cassette(...tapes) })}/a.yaml`;
  return importExchanges([{ path, shown: 'some/a.yaml' }], targets);
}

const hello: Taped = { url: openaiUrl, ask: chatAsk('Hello?'), answer: chatAnswer('Hi.') };

describe('importing exchanges', () => {
  it('sees one question in what two providers were asked in two wires', () => {
    const claude = { url: anthropicUrl, ask: claudeAsk('Hello?'), answer: claudeAnswer('Hey.') };
    const { samples, recordings } = imported(hello, claude);
    expect(samples).toMatchObject([{ prompt: 'Hello?', system: null }]);
    expect(recordings.map(({ target, source }) => [target, source])).toEqual([
      ['openai/gpt-4o-mini', 'a.yaml #1'],
      ['anthropic/claude-3-5-haiku-20241022', 'a.yaml #2'],
    ]);
  });

  it('tells conversations apart that end in the same question', () => {
    const turns = [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Hm.' },
      { role: 'assistant', content: 'Yes?' },
      { role: 'user', content: 'Hello?' },
    ];
    const longer = { ...hello, ask: { model: 'gpt-4o-mini', messages: turns } };
    const { samples } = imported(hello, longer);
    expect(samples.map(({ system, prompt }) => [system, prompt])).toEqual([
      [null, 'Hello?'],
      ['Be brief.', 'Hello?'],
    ]);
    expect(new Set(samples.map(({ id }) => id)).size).toBe(2);
  });

  it('keeps all answers of a target to one question, errors among them', () => {
    const busy = { ...hello, status: 429, headers: { 'retry-after': '7' }, answer: '{}' };
    const { recordings, samples, errors } = imported(busy, hello);
    expect([recordings.length, samples.length, errors]).toEqual([2, 1, 1]);
    expect(recordings[0]).toMatchObject({ exchange: { status: 429 } });
    for (const one of recordings) expect(recordingSchema.parse(one)).toEqual(one);
  });

  it('counts what it leaves out by its reason, without the query', () => {
    const gemini = { url: 'https://example.test/v1/x:generate?key=k', ask: {}, answer: '' };
    const bad = { url: 'https://bedrock.<REGION>.test/x?key=k', ask: {}, answer: '' };
    const nameless = { ...hello, ask: { messages: [] } };
    expect(imported(hello, gemini, gemini, bad, nameless).leftOut).toEqual([
      { reason: 'no wire speaks POST example.test/v1/x:generate', count: 2 },
      { reason: 'not a valid URL: https://bedrock.<REGION>.test/x', count: 1 },
      { reason: 'the request names no model', count: 1 },
    ]);
  });

  it('keeps any body byte for byte', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (text) => {
        const [recording] = imported({ ...hello, answer: text }).recordings;
        if (recording?.kind !== 'recorded') throw new Error('not recorded');
        expect(Buffer.from(bodyOf(recording)).toString()).toBe(text);
      }),
      { numRuns: 30 },
    );
  });
});

describe('keptHeaders', () => {
  it('drops a header that repeats a credential of the request', () => {
    const sent: [string, string][] = [['Authorization', 'Bearer sk-abcdefgh']];
    const got: [string, string][] = [
      ['x-echo', 'you sent sk-abcdefgh'],
      ['x-ratelimit-remaining-tokens', '5'],
    ];
    expect(keptHeaders(got, sent)).toEqual([['x-ratelimit-remaining-tokens', '5']]);
  });

  it('drops what no response can carry', () => {
    const got: [string, string][] = [
      ['bad name', 'x'],
      ['x-smile', '\u263a'],
      ['x-lines', 'a\nb'],
      ['retry-after', '7'],
    ];
    expect(keptHeaders(got, [])).toEqual([['retry-after', '7']]);
  });
});

it.each([
  ['api.groq.com', 'groq'],
  ['mine.openai.azure.com', 'azure'],
  ['api.x.ai', 'xai'],
  ['openrouter.ai', 'openrouter'],
  ['llm.example.co.uk', 'example'],
  ['localhost:4000', 'localhost'],
  ['127.0.0.1:4000', '127.0.0.1'],
])('calls the provider of %s %s', (host, provider) => {
  expect(providerOfHost(host)).toBe(provider);
});

it('names samples by their words, equal ones equally, others differently', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 50 }), (prompts) => {
      const ids = new SampleIds();
      const named = new Map(prompts.map((prompt) => [prompt, ids.idOf(prompt, prompt)]));
      expect(new Set(named.values()).size).toBe(named.size);
      for (const [prompt, id] of named) expect(ids.idOf(prompt, prompt)).toBe(id);
    }),
  );
  expect(new SampleIds().idOf('k', 'Where is MY invoice, please?')).toMatch(
    /^where-is-my-invoice-please-[0-9a-f]{6}$/,
  );
});
