// pip and npm, run to their end. What they print is long and says little: of what can be helped,
// one sentence says how.
import { spawnSync } from 'node:child_process';
import { InputError } from '../../harness/errors.ts';

/** What of an output is known, and what to say then. */
const known: [RegExp, string][] = [
  [
    /No space left on device|ENOSPC|Disk quota exceeded/,
    'the disk is full: the gateways take 1 GB in .gateways/',
  ],
  [
    new RegExp(
      [
        'name resolution',
        'Name or service not known',
        'nodename nor servname',
        'NewConnectionError',
        'ConnectTimeoutError',
        'Network is unreachable',
        'ProxyError',
        'ENOTFOUND',
        'EAI_AGAIN',
        'ECONNREFUSED',
        'ECONNRESET',
        'ETIMEDOUT',
        'ENETUNREACH',
      ].join('|'),
    ),
    'there is no way to the packages: look at the network, and at the proxy and index settings',
  ],
];

/** Throws InputError: one sentence. `what` is being done, as in "Portkey". */
export function runTool(what: string, command: string, words: string[], cwd: string): void {
  const { status, stdout, stderr, error } = spawnSync(command, words, {
    cwd,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (error) throw new InputError(`${what}: cannot run ${command}: ${error.message}`);
  if (status === 0) return;
  const output = `${stdout}\n${stderr}`;
  const reason = known.find(([pattern]) => pattern.test(output))?.[1];
  throw new InputError(`${what} cannot be installed: ${reason ?? lastWords(output)}`);
}

/** The last line that says what went wrong, else the last line of all. */
function lastWords(output: string): string {
  const lines = output.split('\n').map((line) => line.trim());
  const telling = lines.filter((line) => /^(ERROR|npm error|Error)\b/.test(line));
  return telling[0] ?? lines.findLast((line) => line !== '') ?? 'it does not say why';
}
