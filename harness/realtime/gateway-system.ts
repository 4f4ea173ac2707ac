// A chain file in the hands of a gateway, as a system: a process of its own for every trial.
import { throughName } from '../adapters/through.ts';
import { factsOf } from '../chains/chain-facts.ts';
import { readReferenceSettings } from '../chains/reference-config.ts';
import type { GatewayKind } from '../gateways/gateway.ts';
import { packageRoot } from '../project.ts';
import { drillVariables } from '../trial/drill-keys.ts';
import type { RealSystem } from './real-system.ts';

/** More of them side by side would time each other. */
const most = 8;

/** Throws InputError. */
export function gatewaySystem(kind: GatewayKind, file: string): RealSystem {
  // A quality floor is not the gateway's: no table is needed.
  const settings = readReferenceSettings(file, { floor: false });
  const { targets, limits, stream = settings.stream } = factsOf(settings);
  // A gateway is somebody else's program: no real key reaches it.
  const known: Record<string, string | undefined> = {
    ...process.env,
    ...drillVariables(process.env),
  };
  const keys: Record<string, string> = {};
  for (const { keyVariable } of settings.targets) {
    const key = known[keyVariable];
    if (key !== undefined) keys[keyVariable] = key;
  }
  return {
    name: throughName(settings.name, kind.name),
    targets,
    limits,
    stream,
    port: 0,
    most,
    start: ({ origin, dir, signal }) =>
      kind.start({ settings, origin, root: packageRoot, keys, dir, signal }),
  };
}
