// Every gateway by its name. A test compares it with the folder.
import type { GatewayKind } from './gateway.ts';
import { litellmProxy } from './litellm-proxy.ts';
import { litellmRouter } from './litellm-router.ts';
import { portkey } from './portkey.ts';

export const gateways: Record<string, GatewayKind> = {
  'litellm-proxy': litellmProxy,
  'litellm-router': litellmRouter,
  portkey,
};
