// The official Python SDKs against a server of ours: what a client of another language sees of each
// failure are its own error classes, from real sockets. They come with the gateways; where those
// are not installed this is skipped, and its name says so.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { installationDir, readStamp } from '../../harness/gateways/installed.ts';
import { packageRoot } from '../../harness/project.ts';
import { folderWith } from '../cli.ts';
import { scenarioYaml, serveHere } from '../realtime/served.ts';

const isMissing =
  readStamp(packageRoot, 'python') === null && process.env.FIREDRILL_REQUIRE_GATEWAYS !== '1';
const skipped = isMissing ? ' (skipped: npm run setup:gateways has not been run) (gateways)' : '';

/** What each SDK raises, whole and streamed; null: it takes what it got for an answer. */
interface Row {
  fault: string;
  openai: [whole: string | null, streamed: string | null];
  anthropic: [whole: string | null, streamed: string | null];
  timeout?: number;
}

const both = (error: string): [string, string] => [error, error];

/** `A < B`: the class of the error, and of its cause. */
const rows: Row[] = [
  { fault: 'noop', openai: [null, null], anthropic: [null, null] },
  {
    fault: 'disconnect, how: reset',
    openai: both('openai.APIConnectionError < httpx.ReadError'),
    anthropic: both('anthropic.APIConnectionError < httpx2.ReadError'),
  },
  {
    fault: 'disconnect, how: fin',
    openai: both('openai.APIConnectionError < httpx.RemoteProtocolError'),
    anthropic: both('anthropic.APIConnectionError < httpx2.RemoteProtocolError'),
  },
  {
    fault: 'disconnect, at: 50%, how: reset',
    openai: ['openai.APIConnectionError < httpx.ReadError', 'httpx.ReadError < httpcore.ReadError'],
    anthropic: [
      'anthropic.APIConnectionError < httpx2.ReadError',
      'httpx2.ReadError < httpcore2.ReadError',
    ],
  },
  {
    fault: 'disconnect, at: 50%, how: fin',
    openai: [
      'openai.APIConnectionError < httpx.RemoteProtocolError',
      'httpx.RemoteProtocolError < httpcore.RemoteProtocolError',
    ],
    anthropic: [
      'anthropic.APIConnectionError < httpx2.RemoteProtocolError',
      'httpx2.RemoteProtocolError < httpcore2.RemoteProtocolError',
    ],
  },
  {
    fault: 'stall, at: headers',
    timeout: 1,
    openai: both('openai.APITimeoutError < httpx.ReadTimeout'),
    anthropic: both('anthropic.APITimeoutError < httpx2.ReadTimeout'),
  },
  {
    fault: 'stall, at: 20 tokens',
    timeout: 1.5,
    openai: [
      'openai.APITimeoutError < httpx.ReadTimeout',
      'httpx.ReadTimeout < httpcore.ReadTimeout',
    ],
    anthropic: [
      'anthropic.APITimeoutError < httpx2.ReadTimeout',
      'httpx2.ReadTimeout < httpcore2.ReadTimeout',
    ],
  },
  // A stream that just ends is an answer to both.
  {
    fault: 'truncate, at: 50%',
    openai: ['json.JSONDecodeError', null],
    anthropic: ['json.JSONDecodeError', null],
  },
  {
    fault: 'rate-limit, retryAfter: 2s',
    openai: both('openai.RateLimitError'),
    anthropic: both('anthropic.RateLimitError'),
  },
  {
    fault: 'server-error, status: 503',
    openai: both('openai.InternalServerError'),
    anthropic: both('anthropic.ServiceUnavailableError'),
  },
  {
    fault: 'overloaded',
    openai: both('openai.InternalServerError'),
    anthropic: both('anthropic.OverloadedError'),
  },
];

interface Said {
  case: string;
  sdk: 'openai' | 'anthropic';
  stream: boolean;
  error: string | null;
  cause: string | null;
}

describe.skipIf(isMissing)(`the Python SDKs${skipped}`, () => {
  it('raise their own errors for resets, stalls, cuts and statuses', async () => {
    const serving = await serveHere(folderWith());
    const cases = rows.map(({ fault, timeout = 10 }) => {
      return { name: fault, timeout, yaml: scenarioYaml(`[{ inject: ${fault} }]`) };
    });
    const lines = await python([serving.control], serving.environment, JSON.stringify(cases));
    const said: Said[] = lines.map((line) => JSON.parse(line));
    const got = rows.map(({ fault, timeout }): Row => {
      const of = (sdk: Said['sdk'], stream: boolean): string | null => {
        const one = said.find((line) => {
          return line.case === fault && line.sdk === sdk && line.stream === stream;
        });
        if (one?.error == null) return null;
        return one.cause === null ? one.error : `${one.error} < ${one.cause}`;
      };
      return {
        fault,
        openai: [of('openai', false), of('openai', true)],
        anthropic: [of('anthropic', false), of('anthropic', true)],
        ...(timeout === undefined ? {} : { timeout }),
      };
    });
    expect(said).toHaveLength(4 * rows.length);
    expect(got).toEqual(rows);
  }, 180_000);
});

/** The lines that it prints. */
async function python(
  words: string[],
  variables: Record<string, string>,
  input: string,
): Promise<string[]> {
  const command = join(installationDir(packageRoot, 'python'), 'bin/python');
  const script = join(import.meta.dirname, 'sdk-errors.py');
  const child = spawn(command, [script, ...words], { env: { ...process.env, ...variables } });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  child.stdin.end(input);
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(err);
  return out.trim().split('\n');
}
