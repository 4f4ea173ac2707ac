// LiteLLM's Router as a Python program uses it. gateways/litellm-router.py holds it behind an
// endpoint of a few lines, so that what is drilled is the Router and no proxy.
import { join } from 'node:path';
import type {
  GatewayKind,
  GatewayOptions,
  RunningGateway,
  Translation,
  TranslationOptions,
} from './gateway.ts';
import { startGatewayProcess, writeConfiguration } from './gateway-process.ts';
import { needInstalled } from './installed.ts';
import { litellmConfig, litellmNotSaid } from './litellm-config.ts';
import {
  litellmEnvironment,
  litellmStartMs,
  litellmVersion,
  pythonProgram,
} from './litellm-process.ts';
import { keysOf, targetNames } from './target-names.ts';

export const litellmRouter: GatewayKind = {
  name: 'litellm-router',
  describe: "LiteLLM's Router in a Python program, with the chain file as its arguments",
  installed: litellmVersion,
  translate,
  start,
};

/** The arguments of the Router, and those of its cache. */
function translate(options: TranslationOptions): Translation {
  const { model_list, router_settings, litellm_settings } = litellmConfig(options);
  const { cache_params } = litellm_settings;
  const config = {
    router: { model_list, ...router_settings, cache_responses: cache_params !== undefined },
    ...(cache_params === undefined ? {} : { cache: cache_params }),
  };
  return {
    configuration: `${JSON.stringify(config, null, 2)}\n`,
    notSaid: litellmNotSaid(options.settings),
  };
}

async function start(options: GatewayOptions): Promise<RunningGateway> {
  const { root, settings, keys, dir } = options;
  const version = needInstalled('litellm-router', litellmVersion(root));
  const translation = translate(options);
  const file = writeConfiguration(dir, 'router.json', translation.configuration);
  const model = targetNames(settings.targets)[0] ?? '';
  const running = await startGatewayProcess(options, {
    name: 'litellm-router',
    command: (port) => [
      pythonProgram(root, 'python'),
      join(root, 'gateways/litellm-router.py'),
      file,
      String(port),
    ],
    environment: litellmEnvironment,
    secrets: keysOf(settings.targets, keys),
    healthPath: '/health',
    startMs: litellmStartMs,
  });
  return { ...translation, ...running, version, headers: {}, model };
}
