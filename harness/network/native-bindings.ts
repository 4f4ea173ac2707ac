// The one place that reaches for Node's native handles. `process.binding` is deprecated but has no
// successor for this; a contract test fails when an upgrade takes away what is used here.
import { HarnessError } from '../errors.ts';

export type Native = (this: object, ...args: unknown[]) => unknown;
type Natives = Record<string, Native>;

/** Prototypes and binding objects whose functions may be replaced. */
export interface NativeBindings {
  tcp: Natives;
  pipe: Natives;
  udp: Natives;
  process: Natives;
  channel: Natives;
  cares: Natives;
  /** Requests of look-ups by name and by address. */
  lookups: object[];
  spawnSync: Natives;
}

type Binding = Record<string, Native & { prototype: Natives }>;

export function nativeBindings(): NativeBindings {
  const cares = bindingOf('cares_wrap');
  return {
    tcp: prototypeOf(bindingOf('tcp_wrap'), 'TCP'),
    pipe: prototypeOf(bindingOf('pipe_wrap'), 'Pipe'),
    udp: prototypeOf(bindingOf('udp_wrap'), 'UDP'),
    process: prototypeOf(bindingOf('process_wrap'), 'Process'),
    channel: prototypeOf(cares, 'ChannelWrap'),
    cares,
    lookups: ['GetAddrInfoReqWrap', 'GetNameInfoReqWrap'].map((name) => prototypeOf(cares, name)),
    spawnSync: bindingOf('spawn_sync'),
  };
}

/** Quietly: the warning of `--pending-deprecation` would be about us, not about the chain. */
function bindingOf(name: string): Binding {
  const { binding } = process as unknown as { binding(name: string): Binding };
  const before = Object.getOwnPropertyDescriptor(process, 'noDeprecation');
  Object.defineProperty(process, 'noDeprecation', { value: true, configurable: true });
  try {
    return binding(name);
  } finally {
    if (before) Object.defineProperty(process, 'noDeprecation', before);
    else Reflect.deleteProperty(process, 'noDeprecation');
  }
}

function prototypeOf(binding: Binding, name: string): Natives {
  const prototype = binding[name]?.prototype;
  if (prototype) return prototype;
  throw new HarnessError(
    `Failed to guard the network: Node ${process.versions.node} has no native ${name}`,
  );
}
