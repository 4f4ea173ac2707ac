// Portkey's gateway as npm installs it. Its configuration is a header of every request, and its
// keys are in it: what reports show has their names instead. It would listen on all interfaces and
// cannot be told not to; gateways/loopback-only.mjs is loaded before it and confines it.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ReferenceSettings } from '../chains/settings.ts';
import { duration } from '../not-said.ts';
import type {
  GatewayKind,
  GatewayOptions,
  RunningGateway,
  Translation,
  TranslationOptions,
} from './gateway.ts';
import { startGatewayProcess } from './gateway-process.ts';
import { installationDir, installedVersion, needInstalled } from './installed.ts';
import { keysOf, loopbackURL } from './target-names.ts';
import { unsaidByAll, unsaidOfHeaders } from './unsaid.ts';

const npmName = '@portkey-ai/gateway';

export const portkey: GatewayKind = {
  name: 'portkey',
  describe: "Portkey's open-source gateway, with the chain file as its config header",
  installed,
  translate,
  start,
};

function installed(root: string): string | null {
  return installedVersion(root, 'portkey', npmName);
}

function config({ settings, origin }: TranslationOptions, key: (variable: string) => string) {
  const { retry, maxTokens } = settings;
  const targets = settings.targets.map((target) => ({
    provider: target.provider,
    api_key: key(target.keyVariable),
    custom_host: customHost(target, origin),
    override_params: { model: target.model, max_tokens: maxTokens },
    ...(retry.max === 0 ? {} : { retry: { attempts: retry.max } }),
    request_timeout: headersMs(settings),
  }));
  return { strategy: { mode: targets.length === 1 ? 'single' : 'fallback' }, targets };
}

/** It has the version of the API in it, also where the chain file's URL has not. */
function customHost(
  target: ReferenceSettings['targets'][number],
  origin: TranslationOptions['origin'],
): string {
  const url = loopbackURL(target, origin);
  return target.provider === 'anthropic' ? `${url}/v1` : url;
}

/** Its timeout ends with the headers: of a stream they come before the first token. */
function headersMs({ attempt, stream }: ReferenceSettings): number {
  return stream ? (attempt.headersMs ?? attempt.firstTokenMs) : attempt.timeoutMs;
}

function translate(options: TranslationOptions): Translation {
  const shown = config(options, (variable) => `$${variable}`);
  return {
    configuration: `${JSON.stringify(shown, null, 2)}\n`,
    notSaid: notSaid(options.settings),
  };
}

function notSaid(settings: ReferenceSettings): string[] {
  const { attempt, retry, cache, targets } = settings;
  const limit = `request_timeout ${duration(headersMs(settings))} ends with the headers`;
  const { fromMs, toMs } = retry.backoff;
  const unsaid = [
    `attempt.timeout ${duration(attempt.timeoutMs)}: ${limit}; a body has no limit`,
    ...(settings.stream ? unsaidOfStreams(settings) : unsaidOfHeaders(settings)),
    `retry.backoff ${duration(fromMs)}..${duration(toMs)}, ${retry.jitter} jitter: waits are 1s, 2s, 4s, without jitter`,
    `retry.hintCap ${duration(retry.hintCapMs)}: hints are not waited for; use_retry_after_header fails in the package from npm`,
  ];
  if (cache) unsaid.push('cache: the open-source gateway has none');
  if (targets.some(({ wire }) => wire === 'openai-responses')) {
    unsaid.push('targets.wire openai-responses: a chat question goes to chat completions');
  }
  return [...unsaid, ...unsaidByAll(settings)];
}

function unsaidOfStreams({ attempt }: ReferenceSettings): string[] {
  const { firstTokenMs, idleMs } = attempt;
  return [
    `attempt.firstToken ${duration(firstTokenMs)}: a stream that has begun is waited for`,
    `attempt.idle ${duration(idleMs)}: a stream that falls silent is waited for`,
  ];
}

async function start(options: GatewayOptions): Promise<RunningGateway> {
  const { root, settings } = options;
  const version = needInstalled('portkey', installed(root));
  const keys = keysOf(settings.targets, options.keys);
  const gateway = join(installationDir(root, 'portkey'), 'node_modules', npmName);
  const running = await startGatewayProcess(options, {
    name: 'portkey',
    command: (port) => [
      process.execPath,
      '--import',
      pathToFileURL(join(root, 'gateways/loopback-only.mjs')).href,
      join(gateway, 'build/start-server.js'),
      `--port=${port}`,
      '--headless',
    ],
    environment: {},
    secrets: {},
    healthPath: '/',
    startMs: 60_000,
  });
  const header = JSON.stringify(config(options, (variable) => keys[variable] ?? ''));
  const model = settings.targets[0]?.model ?? '';
  return {
    ...translate(options),
    ...running,
    version,
    headers: { 'x-portkey-config': header },
    model,
  };
}
