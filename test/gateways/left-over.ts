// What is left of a process group, counted from outside: processes, and the port that it listened
// on.
import { execFileSync } from 'node:child_process';
import { connect } from 'node:net';

/** Its processes that run; the dead whom nobody has buried are none. */
export function processesOf(group: number): number[] {
  const table = execFileSync('ps', ['-eo', 'pid=,pgid=,stat='], { encoding: 'utf8' });
  return table
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, pgid, stat]) => Number(pgid) === group && !stat?.startsWith('Z'))
    .map(([pid]) => Number(pid));
}

/** Processes whose command line has this in it. */
export function processesWith(words: string): number[] {
  const table = execFileSync('ps', ['-eo', 'pid=,stat=,args='], {
    encoding: 'utf8',
    maxBuffer: 16 * 1024 * 1024,
  });
  return table
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.includes(words))
    .map((line) => line.split(/\s+/))
    .filter(([, stat]) => !stat?.startsWith('Z'))
    .map(([pid]) => Number(pid));
}

export function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
