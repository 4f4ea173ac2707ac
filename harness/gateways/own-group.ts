// A process group that does not outlive whoever started it. A shell leads it and holds a pipe to
// its starter: when the starter ends, however it does, the pipe closes and the whole group is
// killed. Nothing but the group's number is needed to end what a gateway starts itself.
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { wall } from '../clock/wall.ts';

/** The watcher outlives a polite end, so that an abandoned group is killed in any case. */
const leader = `
exec 3<&0
( trap '' TERM; read -r _ <&3; kill -KILL 0 ) &
watcher=$!
trap : TERM
"$@" </dev/null 3<&- &
command=$!
wait $command; code=$?
while kill -0 $command 2>/dev/null; do wait $command; code=$?; done
{ kill -KILL $watcher; wait $watcher; } 2>/dev/null
exit $code
`;

/** Between a polite end and a hard one, ms. */
const graceMs = 3_000;
const pollMs = 20;

export interface OwnGroup {
  /** The number of the group. */
  id: number;
  /** How it ended: a code or a signal, in words. What it left behind is killed by then. */
  ended: Promise<string>;
  /** Resolves when no process of it is left. May be called again. */
  end(): Promise<void>;
}

export interface GroupOptions {
  cwd: string;
  env: Record<string, string>;
  /** A file descriptor, for what it says. */
  log: number;
}

/** Throws what `spawn` reports where there is no shell. */
export async function startGroup(command: string[], options: GroupOptions): Promise<OwnGroup> {
  const { cwd, env, log } = options;
  const child = spawn('/bin/sh', ['-c', leader, 'sh', ...command], {
    cwd,
    env,
    detached: true,
    stdio: ['pipe', log, log],
  });
  const ended = endOf(child);
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  });
  const id = child.pid as number;
  // Nobody waits for a gateway that is forgotten: the pipe ends it.
  child.unref();
  (child.stdin as unknown as { unref?(): void } | null)?.unref?.();
  child.stdin?.on('error', () => {});
  let isGone = false;
  return {
    id,
    ended: ended.then(async (how) => {
      await killed(id, 0);
      isGone = true;
      return how;
    }),
    // Its number may be another's by then.
    end: async () => (isGone ? undefined : killed(id, graceMs)),
  };
}

function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => {
      resolve(signal === null ? `with code ${code}` : `by ${signal}`);
    });
  });
}

/** Ends a group: politely for so long, then hard. */
async function killed(id: number, politelyMs: number): Promise<void> {
  if (politelyMs > 0 && send(id, 'SIGTERM') && (await gone(id, politelyMs))) return;
  send(id, 'SIGKILL');
  await gone(id, graceMs);
}

/** Whether there was anybody to get it. */
function send(id: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-id, signal);
    return true;
  } catch {
    return false;
  }
}

async function gone(id: number, withinMs: number): Promise<boolean> {
  const until = wall.nowMs() + withinMs;
  while (send(id, 0)) {
    if (wall.nowMs() >= until) return false;
    await new Promise<void>((resolve) => {
      wall.setTimeout(resolve, pollMs);
    });
  }
  return true;
}
