// LiteLLM's proxy as `litellm --config` starts it.
import { randomBytes } from 'node:crypto';
import { stringify } from 'yaml';
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

export const litellmProxy: GatewayKind = {
  name: 'litellm-proxy',
  describe: "LiteLLM's proxy server, with the chain file as its config.yaml",
  installed: litellmVersion,
  translate,
  start,
};

function translate(options: TranslationOptions): Translation {
  const config = {
    ...litellmConfig(options),
    // It would ask every provider for its models, every five minutes.
    general_settings: { disable_model_info_refresh: true },
  };
  return { configuration: stringify(config), notSaid: litellmNotSaid(options.settings) };
}

async function start(options: GatewayOptions): Promise<RunningGateway> {
  const { root, settings, keys, dir } = options;
  const version = needInstalled('litellm-proxy', litellmVersion(root));
  const translation = translate(options);
  const file = writeConfiguration(dir, 'config.yaml', translation.configuration);
  // Without one it does not start.
  const masterKey = `sk-${randomBytes(24).toString('hex')}`;
  const running = await startGatewayProcess(options, {
    name: 'litellm-proxy',
    command: (port) => [
      pythonProgram(root, 'litellm'),
      ...['--config', file, '--host', '127.0.0.1', '--port', String(port), '--telemetry', 'False'],
    ],
    environment: litellmEnvironment,
    secrets: { ...keysOf(settings.targets, keys), LITELLM_MASTER_KEY: masterKey },
    healthPath: '/health/liveliness',
    startMs: litellmStartMs,
  });
  const headers = { authorization: `Bearer ${masterKey}` };
  return {
    ...translation,
    ...running,
    version,
    headers,
    model: targetNames(settings.targets)[0] ?? '',
  };
}
