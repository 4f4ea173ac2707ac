import { GoogleGenAI } from '@google/genai';
import { Agent, Client, getGlobalDispatcher, Pool, ProxyAgent, setGlobalDispatcher } from 'undici';
import { expect, test } from 'vitest';
import { limitsOf, undiciLimits } from '../../harness/network/dispatcher-limits.ts';
import { frames, onStage, silent, streamed } from '../stage.ts';

const through = (dispatcher: object): RequestInit => ({ dispatcher }) as RequestInit;
const never = Number.POSITIVE_INFINITY;

test('without a dispatcher of its own a request has undici’s limits', () => {
  expect(limitsOf(undefined)).toEqual(undiciLimits);
  expect(limitsOf({ method: 'POST' })).toEqual(undiciLimits);
  expect(limitsOf(through(new Agent()))).toEqual(undiciLimits);
});

test('limits are read from agents, pools and clients; a limit of 0 is none', () => {
  const options = { headersTimeout: 10_000, bodyTimeout: 0 };
  const expected = { headersMs: 10_500, bodyMs: never };
  expect(limitsOf(through(new Agent(options)))).toEqual(expected);
  expect(limitsOf(through(new Pool('https://api.openai.com', options)))).toEqual(expected);
  expect(limitsOf(through(new Client('https://api.openai.com', options)))).toEqual(expected);
});

// Measured over real sockets, undici 8: [limit, when it is seen], ms.
test.each([
  [100, 1000],
  [900, 1000],
  [1000, 1500],
  [1100, 1500],
  [2000, 2500],
  [2600, 3000],
  [5000, 5500],
  [10_000, 10_500],
])('a limit of %i ms is seen after %i ms', (headersTimeout, headersMs) => {
  expect(limitsOf(through(new Agent({ headersTimeout }))).headersMs).toBe(headersMs);
});

test('a dispatcher that keeps its options to itself has undici’s limits', () => {
  expect(limitsOf(through(new ProxyAgent('http://127.0.0.1:1')))).toEqual(undiciLimits);
  expect(limitsOf(through({ dispatch: () => true }))).toEqual(undiciLimits);
});

test('limits that a function in front of the global dispatcher sets are its own', () => {
  const before = getGlobalDispatcher();
  const dispatch = (options: object, handler: object): boolean => {
    const behind = Reflect.get(globalThis, Symbol.for('undici.globalDispatcher.1'));
    return behind.dispatch({ ...options, headersTimeout: 0, bodyTimeout: 2000 }, handler);
  };
  expect(limitsOf(through({ dispatch }))).toEqual({ headersMs: never, bodyMs: 2500 });
  const fails = (): never => {
    throw new Error('not a request');
  };
  expect(limitsOf(through({ dispatch: fails }))).toEqual(undiciLimits);
  expect(getGlobalDispatcher()).toBe(before);
});

test('Google’s SDK waits for headers as long as it takes, unless it is told otherwise', async () => {
  const google = new GoogleGenAI({ apiKey: 'k' });
  const ask = { model: 'gemini-2.0-flash', contents: 'Hi' };
  const late = streamed({ headersAtMs: 1_000_000, times: [1_000_000], frames: frames('{}') });
  const { virtualMs } = await onStage(
    () => ({ ...late, end: { how: 'complete', atMs: 1_000_000 } }),
    () => google.models.generateContent(ask),
  );
  expect(virtualMs).toBeGreaterThanOrEqual(1_000_000);
});

test('a request with an agent gives up at the agent’s limit, as does one under a global agent', async () => {
  const url = 'https://api.openai.com/v1/chat/completions';
  const agent = new Agent({ headersTimeout: 4000 });
  const giveUp = async (init?: RequestInit): Promise<number> => {
    const { value, virtualMs } = await onStage(
      () => silent,
      () => fetch(url, init).catch((error: Error) => error),
    );
    expect(value).toMatchObject({ cause: { code: 'UND_ERR_HEADERS_TIMEOUT' } });
    return virtualMs;
  };
  expect(await giveUp(through(agent))).toBe(4500);
  const before = getGlobalDispatcher();
  setGlobalDispatcher(agent);
  expect(await giveUp()).toBe(4500);
  setGlobalDispatcher(before);
  expect(await giveUp()).toBe(301_000);
});
