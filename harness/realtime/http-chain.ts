// A chain file that is an address: any OpenAI-compatible endpoint that somebody has started, and
// that asks its providers at the port on which this process plays them.
import { once } from 'node:events';
import { connect } from 'node:net';
import { basename, extname } from 'node:path';
import { z } from 'zod';
import { HarnessError, messageOf } from '../errors.ts';
import { limitWords, ownLimits } from '../scenario/scenario.ts';
import { parseYaml, readText } from '../scenario/yaml-file.ts';
import { targetName } from '../upstream/recording.ts';
import type { RealSystem } from './real-system.ts';

/** Where providers are played, unless a chain file says otherwise. */
export const providerPort = 8787;

export const httpChainFile = z.strictObject({
  http: z
    .url({ protocol: /^https?$/, error: 'expected a URL like http://127.0.0.1:4000/v1' })
    .describe('The root of its API, with the version, like http://127.0.0.1:4000/v1.'),
  name: z.string().min(1).optional().describe('What reports call it; else the name of the file.'),
  model: z.string().min(1).default('default').describe('The model that requests name.'),
  headers: z.record(z.string(), z.string()).default({}).describe('What else requests carry.'),
  targets: z.array(targetName).min(1).describe('Whom it asks, in this order: provider/model each.'),
  stream: z.boolean().default(true).describe('Whether its answers are streamed.'),
  port: z
    .number()
    .int()
    .min(1)
    .max(65_535)
    .default(providerPort)
    .describe('Where it finds the providers: http://127.0.0.1:8787/api.openai.com/v1, and so on.'),
  limits: limitWords.default({}).describe('What it promises, where that is tighter.'),
});

/** Whether a chain file is an address. Throws InputError where it cannot be read. */
export function isHttpChain(file: string): boolean {
  return /^http:/m.test(readText(file));
}

/** Throws InputError with file and line. */
export function httpSystem(file: string): RealSystem {
  const read = parseYaml(readText(file), file, httpChainFile);
  const { http, model, headers, targets, stream, port, limits } = read;
  return {
    name: read.name ?? basename(file, extname(file)),
    targets,
    limits: ownLimits(limits),
    stream,
    port,
    // There is one of it, and it knows one port.
    most: 1,
    async start({ origin }) {
      await answered(http, origin('api.openai.com'));
      return { baseURL: http, headers, model, stop: async () => {} };
    },
  };
}

/** Rejects where nothing listens: each call would fail, and nothing would be drilled. */
async function answered(url: string, openai: string): Promise<void> {
  const { hostname, port, protocol } = new URL(url);
  const number = Number(port) || (protocol === 'https:' ? 443 : 80);
  const socket = connect(number, hostname.replace(/^\[|\]$/g, ''));
  try {
    await once(socket, 'connect');
  } catch (error) {
    throw new HarnessError(
      `nothing answers at ${url} (${messageOf(error)}): start it first, with its providers ` +
        `played here, like ${openai}/v1 in place of https://api.openai.com/v1`,
    );
  } finally {
    socket.destroy();
  }
}
