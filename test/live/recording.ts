// `firedrill serve --record` in this process, before a provider that nobody here wrote.
import { isChatCompletionBody, LLMock } from '@copilotkit/aimock';
import { onTestFinished } from 'vitest';
import { firedrill } from '../cli.ts';

export interface Recording {
  /** As a program is to be given it. */
  environment: Record<string, string>;
  control: string;
  out(): string;
  err(): string;
  /** Interrupts it; its exit code. */
  end(): Promise<number>;
}

/** Until the test is over. `words`: behind `serve --record desk --port 0`. */
export async function recording(cwd: string, words: string[] = []): Promise<Recording> {
  const started = await startRecording(cwd, words);
  onTestFinished(() => void started.end());
  return started;
}

export async function startRecording(cwd: string, words: string[] = []): Promise<Recording> {
  const interrupt = new AbortController();
  let out = '';
  let err = '';
  const started = Promise.withResolvers<void>();
  const all = ['serve', '--record', 'desk', '--port', '0', ...words];
  const code = firedrill(all, cwd, {
    signal: interrupt.signal,
    out(text) {
      out += text;
      if (out.includes('Ctrl-C ends it')) started.resolve();
    },
    err(text) {
      err += text;
    },
  }).then((said) => said.code);
  await Promise.race([
    started.promise,
    code.then((early) => {
      throw new Error(`ended with ${early}: ${err}`);
    }),
  ]);
  const variables = [...out.matchAll(/^export (\w+)=(.*)$/gm)];
  return {
    environment: Object.fromEntries(variables.map(([, name = '', value = '']) => [name, value])),
    control: /^control {2}(.*)$/m.exec(out)?.[1] ?? '',
    out: () => out,
    err: () => err,
    end() {
      interrupt.abort();
      return code;
    },
  };
}

export interface Mock {
  mock: LLMock;
  /** `--upstream` words by which it stands for all providers. */
  upstream: string[];
  /** What was asked and answered with an answer, by the last words of the user, in order. */
  paid(): string[];
}

/** An LLMock that answers every question with its own words, streamed in small pieces. */
export async function aimock(options: { tps?: number; port?: number } = {}): Promise<Mock> {
  const mock = await startedMock(options);
  onTestFinished(() => mock.stop());
  return mockOf(mock);
}

export async function startedMock({ tps = 2_000, port = 0 } = {}): Promise<LLMock> {
  const mock = new LLMock({ port, journalMaxEntries: 0, logLevel: 'silent', chunkSize: 8 });
  mock.onMessage(/./, ({ messages }) => ({ content: `An answer to: ${lastWords(messages)}` }), {
    streamingProfile: { ttft: 5, tps },
  });
  await mock.start();
  return mock;
}

export function mockOf(mock: LLMock): Mock {
  return {
    mock,
    upstream: [
      '--upstream',
      `openai=${mock.url}/v1`,
      `anthropic=${mock.url}`,
      `google=${mock.url}`,
    ],
    paid: () =>
      mock.getRequests().flatMap(({ body, response }) => {
        const isChat = isChatCompletionBody(body);
        return isChat && response.status === 200 ? [lastWords(body.messages)] : [];
      }),
  };
}

function lastWords(messages: readonly { role: string; content?: unknown }[]): string {
  const said = messages.findLast(({ role }) => role === 'user')?.content;
  return typeof said === 'string' ? said : JSON.stringify(said);
}
