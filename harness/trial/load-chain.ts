// Loads a chain by its file: YAML configures the reference chain, a module is the user's own code.
// A module is loaded after clock and network are in place, so that what it captures is drilled.
import { existsSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { chainThrough } from '../adapters/through.ts';
import type { Chain, ChainFactory } from '../chains/chain.ts';
import { readReferenceChain } from '../chains/read-reference.ts';
import type { ReadingOptions } from '../chains/reference-config.ts';
import { appFactory, endpointWords, handlerOf } from '../endpoint/app.ts';
import { InputError, messageOf } from '../errors.ts';
import type { Limits } from '../limits.ts';
import { mainIssue, telling } from '../scenario/issue.ts';
import { targetName } from '../upstream/recording.ts';
import { isChainModule, moduleTypes } from './chain-file.ts';

const some = z.number().positive();

/** The limits that a chain module may tighten, in the units of their names. */
const ownLimits = z
  .strictObject({
    attempts: z.number().int().min(1),
    idleMs: some,
    attemptMs: some,
    deadlineMs: some,
    hintCapMs: some,
    probesPerMinute: some,
    recoveryMs: some,
    refusal: z.enum(['surface', 'fallback']),
  } satisfies Record<keyof Limits, z.ZodType>)
  .partial();

function asBoolean(given: unknown): boolean | undefined {
  return typeof given === 'boolean' ? given : undefined;
}

/** What a chain module may export beside its factory. */
const chainExports = z.object({
  default: z.custom<ChainFactory>((value) => typeof value === 'function', {
    error:
      'is no function: write "export default () => async (sample, signal) => text", ' +
      'or export an app that has fetch(request)',
  }),
  endpoint: endpointWords.optional(),
  name: z.string().optional(),
  targets: z.array(targetName).optional(),
  degradeText: z.string().optional(),
  isolate: z.boolean().optional(),
  // A module may well have a function of that name, which says nothing of this.
  stream: z.unknown().optional().transform(asBoolean),
  limits: ownLimits.optional(),
});

/** Of an app the handler is found in another way. */
const appExports = chainExports.extend({ default: z.unknown().optional() });

/** How a chain of a .yaml file is loaded. */
export interface LoadingOptions extends ReadingOptions {
  /** The library that it is put into; absent: the reference chain. */
  through?: string | undefined;
}

/** `transpile` is called before a module in TypeScript is imported. */
export async function loadChain(
  file: string,
  transpile: () => void,
  { through, ...options }: LoadingOptions = {},
): Promise<Chain> {
  if (!existsSync(file)) throw new InputError('there is no such chain file', { file });
  if (/\.ya?ml$/.test(file)) {
    return through === undefined ? readReferenceChain(file, options) : chainThrough(file, through);
  }
  if (!isChainModule(file)) {
    throw new InputError(
      `is no chain: write a .yaml file for the reference chain, or a module (${moduleTypes.join(', ')})`,
      { file },
    );
  }
  transpile();
  let loaded: unknown;
  try {
    loaded = await import(pathToFileURL(file).href);
  } catch (error) {
    throw new InputError(`the chain module threw when it was loaded: ${messageOf(error)}`, {
      file,
      line: lineOf(error, file),
    });
  }
  const exported = unwrapped(loaded);
  const handler = handlerOf(exported);
  const kind = handler ? appExports : chainExports;
  const read = kind.safeParse(exported, telling);
  if (!read.success) {
    const issue = mainIssue(read.error.issues);
    throw new InputError(`${issue?.path.join('.') ?? 'it'}: ${issue?.message}`, { file });
  }
  const given = read.data;
  return {
    name: given.name ?? basename(file, extname(file)),
    factory: handler
      ? appFactory(handler, given.endpoint ?? {}, given.targets ?? [], given.stream ?? true)
      : (given.default as ChainFactory),
    targets: given.targets ?? [],
    degradeText: given.degradeText ?? null,
    limits: given.limits === undefined ? {} : defined(given.limits),
    hosts: [],
    ...(given.stream === undefined ? {} : { stream: given.stream }),
    // An app keeps its clients in its modules.
    isolate: given.isolate ?? handler !== null,
  };
}

/** A CommonJS module arrives with its exports under `default`. */
function unwrapped(loaded: unknown): unknown {
  if (typeof loaded !== 'object' || loaded === null) return loaded;
  const inner: unknown = Reflect.get(loaded, 'default');
  if (typeof inner === 'object' && inner !== null && 'default' in inner) return inner;
  return loaded;
}

/** Without the keys that are there but say nothing. */
function defined(limits: z.infer<typeof ownLimits>): Partial<Limits> {
  return Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined));
}

/** The line of the user's file in a stack, where it is there. */
function lineOf(error: unknown, file: string): number | undefined {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const match = stack.split(file)[1]?.match(/^:(\d+)/);
  return match ? Number(match[1]) : undefined;
}
