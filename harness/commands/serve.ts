// `firedrill serve`: failing providers on a port of this machine, for programs that somebody else
// starts: an app, its tests, in any language.
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { quoted } from '../command-words.ts';
import { InputError } from '../errors.ts';
import { oneLine } from '../formats/clean-text.ts';
import { execText } from '../formats/exec-text.ts';
import { shown, targetsFiles } from '../project.ts';
import { isLoopback } from '../realtime/control-guard.ts';
import { providerPort } from '../realtime/http-chain.ts';
import type { Serving } from '../realtime/serve.ts';
import type { CommandContext, ExitCode, MakeCommand } from './command.ts';
import { dollars, oneScenario, wholeNumber } from './options.ts';
import type { RecordingWords } from './serve-recording.ts';
import { serveRecording } from './serve-recording.ts';

interface ServeWords {
  scenario: string;
  seed: number;
  port: number;
  host: string;
  allowRemote?: true;
  targets?: string;
  out?: string;
}

type Words = ServeWords & Omit<RecordingWords, 'record'> & { record?: string };

const examples = `
Examples:
  firedrill serve                                 no faults, on port ${providerPort}
  firedrill serve --scenario provider-outage      windows of faults count from the start
  curl -X PUT -H 'content-type: application/json' -d '{"scenario":"total-outage"}' \\
    http://127.0.0.1:${providerPort}/__firedrill/scenario
  firedrill serve --record desk                   between your app and its real providers:
                                                  a workload "desk" of what they say
  firedrill serve --record desk --upstream openai=https://gateway.example/v1 --max-cost 2

Ctrl-C ends it: 0 where what crossed the wire kept the rules, 1 where it broke one, 2 where
something was asked that nobody plays, 130 where nothing was asked. Of a recording, 1 says that a
limit held something back. docs/serve.md has the rest.
`;

/** Further requests that nobody plays are counted. */
const mostTold = 5;

export const serveCommand: MakeCommand = (context) => ({
  name: 'serve',
  define(program: Command, finish) {
    program
      .command('serve')
      .description('play failing providers on a port, for programs of any language')
      .option('--scenario <name>', 'how providers fail, from the start', 'healthy')
      .option('--seed <n>', 'root of all randomness', wholeNumber(0), 1)
      .option('--port <n>', 'where; 0: a free one', wholeNumber(0), providerPort)
      .option('--host <address>', 'the address to listen on', '127.0.0.1')
      .option('--allow-remote', 'listen where other machines can reach it, too')
      .option('--targets <file>', 'a targets file of your own, beside the shipped one')
      .option('--out <dir>', 'where history.jsonl is kept (default: nowhere)')
      .option('--record <name>', 'pass on to the real providers, and record it under this name')
      .option('--workload <name>', 'recording: whose samples are asked (default: made of prompts)')
      .option('--upstream <provider=url...>', 'recording: another base URL than the usual one')
      .option('--once', 'recording: what is recorded is answered from it, and not paid again')
      .option(
        '--max-cost <usd>',
        'recording: send nothing that might exceed it, like 1.50',
        dollars,
      )
      .option('--max-requests <n>', 'recording: send no more', wholeNumber(1))
      .option('--keep-errors', 'recording: keep errors as recordings of errors')
      .option('--redact <regex...>', 'recording: mask what matches, beside keys and accounts')
      .addHelpText('after', examples)
      .action((words: Words, command: Command) => {
        return finish(async () => {
          const { record } = words;
          refuseMixed(record !== undefined, command);
          if (!isLoopback(words.host) && !words.allowRemote) throw remote(words.host);
          if (record === undefined) return served(context, words);
          return serveRecording(context, { ...words, record });
        });
      });
  },
});

const ofPlaying = ['scenario', 'seed', 'out'];
const ofRecording = [
  'workload',
  'upstream',
  'once',
  'maxCost',
  'maxRequests',
  'keepErrors',
  'redact',
];

/** Throws InputError for an option of the other mode. */
function refuseMixed(isRecording: boolean, command: Command): void {
  const others = isRecording ? ofPlaying : ofRecording;
  const given = others.find((name) => command.getOptionValueSource(name) === 'cli');
  if (given === undefined) return;
  const option = `--${given.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  throw new InputError(
    isRecording
      ? `${option}: nothing is played while --record is on: what passes is real`
      : `${option} is for recording: add --record NAME`,
  );
}

function remote(host: string): InputError {
  return new InputError(
    `--host ${host} is no address of this machine alone: anybody who reaches it could use and drive it; add --allow-remote where that is meant`,
  );
}

async function served(context: CommandContext, words: ServeWords): Promise<ExitCode> {
  const { cwd, signal } = context;
  const { host, port, seed, targets, out } = words;
  const scenario = oneScenario(words.scenario, cwd);
  const dir = out === undefined ? null : newFolder(resolve(cwd, out), cwd);
  const { serve } = await import('../realtime/serve.ts');
  const { LiveHistory } = await import('../realtime/live-history.ts');
  const kept = dir ?? mkdtempSync(join(tmpdir(), 'firedrill-serve-'));
  const made = mkdirSync(kept, { recursive: true });
  const historyFile = join(kept, 'history.jsonl');
  const history = new LiveHistory(historyFile);
  let isKept = false;
  try {
    const serving = await serve({
      scenario,
      seed,
      host,
      port,
      targetsFiles: targetsFiles(cwd, targets),
      cwd,
      history,
      onUnplayed: telling(context),
    });
    context.out(greeting(serving, words.scenario, dir && shown(historyFile, cwd)));
    const broken = await Promise.race([aborted(signal), history.failed]);
    const seen = await serving.close();
    if (broken !== undefined) {
      isKept = dir !== null;
      throw broken;
    }
    if (dir) history.close();
    context.out(`\n${execText(seen)}`);
    if (seen.rules.some(([, { status }]) => status === 'violated')) return 1;
    if (seen.unplayed.count > 0) return 2;
    return seen.requests === 0 ? 130 : 0;
  } catch (error) {
    if (isKept) {
      history.leave();
      context.err(`note: what came before is in ${shown(`${historyFile}.partial`, cwd)}\n`);
    } else {
      history.discard();
      if (made !== undefined) rmSync(made, { recursive: true, force: true });
    }
    throw error;
  } finally {
    if (dir === null) rmSync(kept, { recursive: true, force: true });
  }
}

/** One where a history was left by a server before would lose it. */
function newFolder(dir: string, cwd: string): string {
  const left = ['history.jsonl', 'history.jsonl.partial'].find((name) =>
    existsSync(join(dir, name)),
  );
  if (left === undefined) return dir;
  throw new InputError(
    `${shown(join(dir, left), cwd)} is there already: name another folder with --out, or move it away`,
  );
}

function telling({ err }: CommandContext): (message: string) => void {
  let told = 0;
  return (message) => {
    if (++told <= mostTold) err(`firedrill: ${oneLine(message)}\n`);
  };
}

function greeting(serving: Serving, scenario: string, history: string | null): string {
  const variables = Object.entries(serving.environment).map(
    ([name, value]) => `export ${name}=${quoted(value)}\n`,
  );
  const file = history === null ? '' : `history  ${history}.partial, until it ends\n`;
  return `# providers play ${oneLine(scenario)}; for the programs that ask them:
${variables.join('')}
control  ${serving.control}
${file}Ctrl-C ends it, and tells what crossed the wire.
`;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
