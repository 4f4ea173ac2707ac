// Apps with a handler for requests are drilled as they are, whatever framework made them.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadChain } from '../../harness/trial/load-chain.ts';
import { drill, fixtureChain, root, writeScenario } from '../drills.ts';

const dir = mkdtempSync(join(root, 'test/fixtures/apps-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const out = mkdtempSync(join(tmpdir(), 'firedrill-apps-'));
afterAll(() => rmSync(out, { recursive: true, force: true }));

const down = writeScenario(out, 'down', {
  arrival: { each: 'once', gap: '20s' },
  faults: [{ inject: 'server-error', status: 503, on: { provider: 'openai' }, from: '6m' }],
});

let files = 0;

async function drilled(chain: string) {
  const { report } = await drill({ chain, scenarios: [down], out: join(out, `run-${++files}`) });
  const row = report?.scenarios[0];
  if (!row) throw new Error('there is no row');
  return row;
}

function appFile(text: string): string {
  const file = join(dir, `app-${++files}.ts`);
  writeFileSync(
    file,
    `import OpenAI from 'openai';\nexport const targets = ['openai/gpt-4o'];\n${text}`,
  );
  return file;
}

const ask = `
const client = new OpenAI({ maxRetries: 0 });
async function answer(request: Request) {
  const { messages } = await request.json();
  const { choices } = await client.chat.completions.create({ model: 'gpt-4o', messages });
  return Response.json({ answer: choices[0]?.message.content });
}
`;

describe('an app', () => {
  it('of Hono, with its clients at the top of its module, falls back', async () => {
    const row = await drilled(fixtureChain('hono-app.ts'));
    expect(row.availability).toBe(1);
    const { 'openai/gpt-4o': first, 'anthropic/claude-3-5-sonnet-latest': other } =
      row.served_by ?? {};
    expect(first).toBeGreaterThan(0.4);
    expect(other).toBeGreaterThan(0.4);
    // It tells who served, so that it can be held to it.
    expect(row.invariants.I23?.status).toBe('held');
  });

  it.each([
    ['that is a plain object', `${ask}export default { fetch: answer };`],
    ['that is a route of Next', `${ask}export const POST = (request: Request) => answer(request);`],
    [
      'that is a route of SvelteKit',
      `${ask}export const POST = ({ request }: { request: Request }) => answer(request);`,
    ],
  ])('%s is asked while its provider is well, and fails with it', async (_, text) => {
    const row = await drilled(appFile(text));
    expect(row.outcomes.complete).toBe(18);
    expect(row.outcomes.error).toBe(18);
  });

  it('says at which path it is asked, and how its answer is read', async () => {
    const words = `export const endpoint = {
      path: '/api/chat',
      body: ({ prompt }: { prompt: string }) => ({ messages: [{ role: 'user', content: prompt }] }),
      read: async (response: Response) => (await response.json()).answer,
    };`;
    const check = `export default { fetch: (request: Request) =>
      new URL(request.url).pathname === '/api/chat' ? answer(request) : new Response('', { status: 404 }) };`;
    expect((await drilled(appFile(`${ask}${words}${check}`))).outcomes.complete).toBe(18);
  });

  it('is told what is wrong with its words', async () => {
    const load = (text: string) => loadChain(appFile(text), () => {});
    await expect(
      load(`export const endpoint = { path: 'chat' };
      export default { fetch: () => new Response() };`),
    ).rejects.toThrow('endpoint.path: expected a path like /api/chat');
    await expect(load('export default { handle() {} };')).rejects.toThrow(
      'or export an app that has fetch(request)',
    );
  });
});
