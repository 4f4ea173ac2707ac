// Chains that cannot be loaded or drilled, in real workers: exit code 2, one line that names what
// is wrong, nothing sent, nothing written. What chains may do wrong as chains is a finding, not
// here.
import { readFileSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { filesIn, firedrill, folderWith, mistake } from './cli.ts';

const scenario = 'name: x\ndescription: d\nworkload: support-desk\narrival: { each: once }\n';
const targets = "export const targets = ['openai/gpt-4o'];\n";
const answers = (body: string): string =>
  `${targets}export default () => async (s) => { ${body} };\n`;

const run = (file: string): string[] => ['run', 's.yaml', '--chain', file, '--workers', '1'];

const told = (text: string, file = 'chain.ts'): Promise<string> =>
  mistake({ 's.yaml': scenario, [file]: text }, run(file));

describe('a module', () => {
  it.each([
    [
      'that is no TypeScript',
      'export default () => {\n  const a = ;\n};\n',
      /chain\.ts:2: .*Unexpected ";"/,
    ],
    [
      'that throws, in more than one line',
      'const a = 1;\nthrow new Error("no key\\nin sight");\n',
      /chain\.ts:2: the chain module threw when it was loaded: no key in sight$/,
    ],
    [
      'that needs a package that is not there',
      "import x from 'no-such-package';\nexport default () => x;\n",
      /chain\.ts: .*Cannot find (package|module) 'no-such-package'/,
    ],
    [
      'without a default export',
      'export const chain = 1;\n',
      /chain\.ts: default: is no function: write "export default /,
    ],
  ])('%s', async (_, text, message) => expect(await told(text)).toMatch(message));

  it('that asks a provider while it is loaded is told at once', async () => {
    const text = "await fetch('https://api.openai.com/v1/models');\n";
    expect(await told(text, 'chain.mjs')).toMatch(
      /chain\.mjs, while it was loaded: a request to https:\/\/api\.openai\.com\/v1\/models was made while no trial was running: nothing was sent$/,
    );
  });
});

it('a chain in YAML with a key that nobody knows is refused, never ignored', async () => {
  const text = 'targets: [openai/gpt-4o]\nbreaker: { failures: 5, coolDown: 30s }\n';
  expect(await told(text, 'chain.yaml')).toMatch(
    /chain\.yaml:2: breaker: unknown key "coolDown" \(did you mean cooldown\?\)/,
  );
});

describe('a factory', () => {
  it.each([
    [
      'that throws',
      "export default () => { throw new Error('no config') };\n",
      /the factory of chain threw: no config$/,
    ],
    [
      'that returns text',
      "export default () => 'hello';\n",
      /the factory of chain returned no function: write "export default /,
    ],
    [
      'that never ends',
      'export default () => new Promise(() => {});\n',
      /the factory of chain never finished$/,
    ],
  ])('%s', async (_, text, message) => expect(await told(`${targets}${text}`)).toMatch(message));
});

describe('an answer', () => {
  it('that is no text is named', async () => {
    expect(await told(answers('return { a: 1 }'))).toMatch(
      /^x, trial 1: the chain gave object as its answer: return a string/,
    );
  });

  it('without any request is named', async () => {
    const text = "export default () => async () => 'x';\n";
    expect(await told(text)).toMatch(/chain answered without calling any model/);
  });

  it('of a target that nobody recorded is named, with those that are', async () => {
    const body = JSON.stringify({ model: 'gpt-9', messages: [{ role: 'user', content: 'x' }] });
    const headers = "{ authorization: 'Bearer x', 'content-type': 'application/json' }";
    const url = 'https://api.openai.com/v1/chat/completions';
    const ask = `await fetch('${url}', { method: 'POST', headers: ${headers}, body: '${body}' })`;
    const message = await told(answers(ask));
    expect(message).toMatch(
      /^x, trial 1: no recording of openai\/gpt-9 for the sample "[\w-]+": .*recorded targets are .*openai\/gpt-4o/,
    );
    // The rule that it hints at is one: the request is then turned down as by the provider itself.
    const rule = message.slice(message.indexOf('{ inject: guard'));
    const played = `${scenario}faults: [${rule}]\nthresholds: { availability: ">= 99%" }\n`;
    const chain = answers(`const got = ${ask}; throw new Error((await got.json()).error.code);`);
    const dir = folderWith({ 's.yaml': played, 'chain.ts': chain });
    const said = await firedrill([...run('chain.ts'), '--out', 'out'], dir);
    expect(said.code).toBe(1);
    expect(readFileSync(join(dir, 'out/history.jsonl'), 'utf8')).toContain('model_not_found');
  });
});

describe('what would leave the drill', () => {
  const quiet = '.on("error", () => {})';

  it.each([
    [
      'a socket',
      `const net = await import('node:net'); net.connect(80, '192.0.2.1')${quiet};`,
      /^x, trial 1: chain: the chain tried to connect to 192\.0\.2\.1 port 80, past the interception; nothing was sent$/,
    ],
    [
      'a process',
      `const { spawn } = await import('node:child_process'); spawn('curl')${quiet};`,
      /^x, trial 1: chain: the chain tried to start the process `curl`; it was not started$/,
    ],
    [
      'a thread',
      "const { Worker } = await import('node:worker_threads'); try { new Worker('1', { eval: true }) } catch {}",
      /^x, trial 1: chain: the chain tried to start the worker thread from code in a string; it was not started$/,
    ],
    [
      'a look-up',
      "const dns = await import('node:dns'); dns.lookup('host.invalid', () => {});",
      /^x, trial 1: chain: the chain tried to look up host\.invalid in the DNS; nothing was asked$/,
    ],
    [
      'a request to a host that nobody knows',
      "fetch('https://host.invalid/x').catch(() => {});",
      /^x, trial 1: a request to host\.invalid, a host that no targets file names: nothing was sent; add it to "hosts" of a targets file/,
    ],
  ])('%s is stopped and named', async (_, body, message) => {
    expect(await told(answers(`${body} return 'x'`))).toMatch(message);
  });

  it('npm undici, past every interception, is stopped and named', async () => {
    const dir = folderWith({
      's.yaml': scenario,
      'chain.ts': `import { request } from 'undici';\n${answers("await request('http://192.0.2.1/').catch(() => {}); return 'x'")}`,
    });
    symlinkSync(resolve('node_modules'), join(dir, 'node_modules'));
    const { code, err } = await firedrill(run('chain.ts'), dir);
    expect(err).toMatch(
      /^firedrill: x, trial 1: chain: the chain tried to connect to 192\.0\.2\.1 port 80, [^\n]+\n$/,
    );
    expect(code).toBe(2);
  });
});

describe('a chain that never answers', () => {
  it('hangs, which is proven at once: a finding, not a mistake', async () => {
    const dir = folderWith({
      's.yaml': `${scenario}thresholds: { outcomes.hung: "== 0" }\n`,
      'chain.ts': `${targets}export default () => () => new Promise(() => {});\n`,
    });
    const { code, out, err } = await firedrill(run('chain.ts'), dir);
    expect({ code, err }).toEqual({ code: 1, err: '' });
    expect(out).toMatch(/outcomes\.hung/);
    expect(filesIn(dir).some((file) => file.endsWith('report.json'))).toBe(true);
  });

  it('spins, which the watchdog ends and names (slow: twice ten seconds)', async () => {
    const dir = folderWith({
      's.yaml': `${scenario}thresholds: { outcomes.hung: "== 0" }\n`,
      'chain.ts': `${targets}let n = 0;\nexport default () => async () => { if (++n === 3) for (;;) {} return 'x' };\n`,
    });
    const { code, err } = await firedrill(run('chain.ts'), dir);
    expect(err).toMatch(/^note: x, trial 1: the chain began to spin at 2\.000 s, call 3 [^\n]+\n$/);
    expect(code).toBe(1);
  });
});
