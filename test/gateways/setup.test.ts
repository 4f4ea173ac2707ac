import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readStamp } from '../../harness/gateways/installed.ts';
import { setUp } from '../../tools/setup-gateways/set-up.ts';

const path = process.env.PATH ?? '';
let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'firedrill-setup-'));
  write('gateways/python/requirements.txt', 'litellm==1.0.0\n');
  write('gateways/portkey/package.json', '{}');
  write('gateways/portkey/package-lock.json', '{}');
  process.env.PATH = `${join(root, 'bin')}:/usr/bin:/bin`;
  delete process.env.PYTHON;
  program('python3', python());
  program('npm', npm);
});
afterEach(() => {
  process.env.PATH = path;
  rmSync(root, { recursive: true, force: true });
});

function write(name: string, text: string): void {
  mkdirSync(join(root, name, '..'), { recursive: true });
  writeFileSync(join(root, name), text);
}

/** A program on the path that is a few lines of shell. */
function program(name: string, lines: string): void {
  write(`bin/${name}`, `#!/bin/sh\n${lines}\n`);
  chmodSync(join(root, 'bin', name), 0o755);
}

/** A Python that installs whatever it is told, and writes down that it did. */
function python({ version = '3.12.1', ensurepip = true, pip = ':' } = {}): string {
  return `
case "$*" in
  *platform*) echo ${version} ;;
  *ensurepip*) ${ensurepip ? 'echo 1' : 'exit 1'} ;;
  *importlib*) echo 1.0.0 2.0.0 3.0.0 ;;
  *venv*) mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
  *pip*) echo pip >> "${root}/ran"; ${pip} ;;
esac`;
}

const npm = `mkdir -p node_modules/@portkey-ai/gateway
echo '{"version":"4.0.0"}' > node_modules/@portkey-ai/gateway/package.json`;

/** What it says, or the one sentence of its error. */
function outcome(): string {
  try {
    return setUp(root, () => {}).join('\n');
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`;
  }
}

it('installs what is pinned once, and again where the pins have changed', () => {
  const versions = 'litellm 1.0.0, openai 2.0.0, anthropic 3.0.0, python 3.12.1';
  expect(outcome()).toBe(
    `LiteLLM and the Python SDKs: ${versions}, installed\nPortkey: @portkey-ai/gateway 4.0.0, installed`,
  );
  rmSync(join(root, 'ran'));
  expect(outcome()).toMatch(/as pinned\n.*as pinned$/);
  expect(existsSync(join(root, 'ran'))).toBe(false);
  write('gateways/python/requirements.txt', 'litellm==1.0.1\n');
  expect(outcome()).toMatch(/installed\n.*as pinned$/);
});

it('says what is missing and how to get it', () => {
  program('python3', python({ version: '3.9.18' }));
  expect(outcome()).toBe(
    'InputError: python3 is Python 3.9.18, and LiteLLM wants Python 3.11 to 3.14: name one with PYTHON=/path/to/python3',
  );
  program('python3', python({ ensurepip: false }));
  expect(outcome()).toBe(
    'InputError: python3 has no venv or no ensurepip: install them (Debian: apt install python3-venv)',
  );
  process.env.PYTHON = join(root, 'none');
  expect(outcome()).toMatch(/^InputError: there is no .*none: install Python 3\.11 to 3\.14 /);
});

it('tells a network that is not there and a full disk from a package that is not', () => {
  const failing = (line: string): string => {
    program('python3', python({ pip: `echo "${line}" >&2; exit 1` }));
    return outcome();
  };
  expect(
    failing("NewConnectionError('Failed to establish a new connection: [Errno 111]')"),
  ).toMatch(/^InputError: LiteLLM cannot be installed: there is no way to the packages: /);
  expect(failing('ERROR: [Errno 28] No space left on device')).toMatch(
    /^InputError: LiteLLM cannot be installed: the disk is full: /,
  );
  expect(failing('ERROR: No matching distribution found for litellm==1.0.0')).toBe(
    'InputError: LiteLLM cannot be installed: ERROR: No matching distribution found for litellm==1.0.0',
  );
});

it('counts an installation that was cut off as none, and begins it anew', () => {
  program('npm', 'echo "npm error code EAI_AGAIN" >&2; exit 1');
  expect(outcome()).toMatch(/^InputError: Portkey cannot be installed: there is no way to the/);
  expect(readStamp(root, 'portkey')).toBeNull();
  expect(readStamp(root, 'python')).not.toBeNull();
  program('npm', npm);
  expect(outcome()).toMatch(/as pinned\nPortkey: .* installed$/);
});
