// A virtual environment of the repository's own, so that nothing of the user's Python is touched.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { InputError } from '../../harness/errors.ts';
import { runTool } from './package-tool.ts';

export const pythonPins = ['requirements.txt'];

/** What reports name; all else is only needed by these. */
const named = ['litellm', 'openai', 'anthropic'];

/** Those that all pinned packages support. */
const oldest = [3, 11];
const newest = [3, 14];

const said = `Python ${oldest.join('.')} to ${newest.join('.')}`;

export function installPython(pinned: string, dir: string): Record<string, string> {
  const python = process.env.PYTHON || 'python3';
  const version = fitting(python);
  runTool('the virtual environment', python, ['-m', 'venv', dir], dir);
  const own = join(dir, 'bin/python');
  const requirements = join(pinned, 'requirements.txt');
  const quietly = ['--quiet', '--no-input', '--disable-pip-version-check'];
  const words = ['-m', 'pip', 'install', ...quietly, '-r', requirements];
  runTool('LiteLLM', own, words, dir);
  return { ...versionsOf(own), python: version };
}

/** The version of a Python that can be used. Throws InputError. */
function fitting(python: string): string {
  const version = asked(python, 'import platform; print(platform.python_version())');
  if (version === null) {
    throw new InputError(
      `there is no ${python}: install ${said} (Debian: apt install python3 python3-venv), or name one with PYTHON=/path/to/python3`,
    );
  }
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isTooOld = major < 3 || minor < (oldest[1] ?? 0);
  if (isTooOld || minor > (newest[1] ?? 0)) {
    throw new InputError(
      `${python} is Python ${version}, and LiteLLM wants ${said}: name one with PYTHON=/path/to/python3`,
    );
  }
  if (asked(python, 'import venv, ensurepip; print(1)') === null) {
    throw new InputError(
      `${python} has no venv or no ensurepip: install them (Debian: apt install python3-venv)`,
    );
  }
  return version;
}

/** What a line of Python prints; null where it cannot be run. */
function asked(python: string, line: string): string | null {
  const { status, stdout } = spawnSync(python, ['-c', line], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : null;
}

function versionsOf(python: string): Record<string, string> {
  const line = `import importlib.metadata as m; print(*(m.version(n) for n in ${JSON.stringify(named)}))`;
  const versions = (asked(python, line) ?? '').split(' ');
  return Object.fromEntries(named.map((name, index) => [name, versions[index] ?? 'unknown']));
}
