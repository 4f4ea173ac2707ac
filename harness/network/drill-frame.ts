// A request on its way through MSW, and the one handler that all of them come to. What both leave
// out of MSW's own (events that nobody hears, controllers that nothing uses) costs more than the
// rest of it.
import { HttpNetworkFrame } from 'msw/experimental';
import { HttpHandler } from 'msw/http';
import { HarnessError } from '../errors.ts';
import type { OpenCall } from '../upstream/answers.ts';
import type { LightRequest } from './light-request.ts';
import type { Decided } from './virtual-response.ts';

type Run = Pick<Parameters<HttpHandler['run']>[0], 'request' | 'requestId'>;
type Ran = Awaited<ReturnType<HttpHandler['run']>>;

/** Stands for "a decision was made"; never seen by a client. */
const accepted = new Response(null, { status: 200 });

/**
 * The one handler: it matches everything, and our own table picks the wire. `run` is overridden
 * because MSW's aborts a controller for every request, to end listeners that we never add; the
 * error that this makes costs as much as the rest of MSW.
 */
export class DrillHandler extends HttpHandler {
  readonly #decide: (request: Request) => void;

  /** `decide` may throw nothing: MSW would print it, with its stack. */
  constructor(decide: (request: Request) => void) {
    super(
      /.+/,
      () => true,
      () => accepted,
    );
    this.#decide = decide;
  }

  override async run({ request, requestId }: Run): Promise<Ran> {
    this.#decide(request);
    return { handler: this, request, requestId, response: accepted };
  }
}

/** A field instead of a WeakMap: tens of thousands of entries there slow every collection. */
type FramedRequest = LightRequest & { frame?: DrillFrame };

/** The frame that carries a request; undefined for a request of somebody else's. */
export function frameOf(request: object): DrillFrame | undefined {
  return (request as FramedRequest).frame;
}

/** What a frame is carrying. */
export interface Load {
  light: LightRequest;
  from: OpenCall | null;
  carry(decided: Decided): void;
}

/**
 * A request on its way through MSW: a decision is carried out, a mistake goes out of band. A frame
 * is used again and again, because MSW makes an emitter with five weak collections for each; and it
 * tells nobody of its progress, because nobody listens.
 */
export class DrillFrame extends HttpNetworkFrame {
  override readonly events = silent as never;
  readonly #fail: (error: unknown) => void;
  load: Load;
  /** What the handler left. */
  decided: Decided | null = null;
  mistake: unknown = null;

  constructor(load: Load, fail: (error: unknown) => void) {
    super({ request: requestOf(load), id: 'drill' });
    this.load = load;
    this.#fail = fail;
  }

  take(load: Load): void {
    this.load = load;
    this.data.request = requestOf(load);
    (load.light as FramedRequest).frame = this;
    this.decided = null;
    this.mistake = null;
  }

  override async resolve(handlers: Handlers): Promise<boolean> {
    const { request, id: requestId } = this.data;
    for (const handler of handlers) {
      const result = await handler.run({ request, requestId });
      if (!result?.response) continue;
      this.respondWith();
      return true;
    }
    this.passthrough();
    return false;
  }

  override respondWith(): void {
    if (this.decided) this.load.carry(this.decided);
    else this.errorWith(this.mistake ?? new HarnessError('a response came from nowhere'));
  }

  override errorWith(reason?: unknown): void {
    this.#fail(reason);
  }

  override passthrough(): void {
    const { url } = this.load.light;
    this.errorWith(new HarnessError(`a request would have left the machine: ${url}`));
  }
}

type Handlers = Parameters<HttpNetworkFrame['resolve']>[0];

/** In place of a frame's emitter. */
const silent = { on: (): void => {}, emit: (): boolean => false };

/** The light request has all that MSW and our handler use of a Request. */
function requestOf({ light }: Load): Request {
  return light as unknown as Request;
}
