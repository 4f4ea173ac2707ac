// What a fetch resolves to: a Response that knows where it came from, as one made by hand does not.
// A class costs nothing where defining the properties on every response costs most of a
// microsecond.
import { phraseOf } from '../wires/gateway.ts';

/** Some proxies answer with more: fetch shows it, and no Response can be made with it. */
const lastStatus = 599;

type Headers = Iterable<readonly [name: string, value: string]>;

/** What a client gets; `url`: what a fetch asked for, null where another client asked. */
export function responseOf(
  url: string | null,
  status: number,
  body: BodyInit | null,
  ...headers: Headers[]
): Response {
  const line = { status: Math.min(status, lastStatus), statusText: phraseOf(status) };
  const response = url === null ? new Response(body, line) : new FetchedResponse(body, line, url);
  if (status > lastStatus) Object.defineProperty(response, 'status', { value: status });
  // One by one: handing them to the constructor as a list takes twice as long.
  for (const list of headers) {
    for (const [name, value] of list) response.headers.append(name, value);
  }
  return response;
}

const asked = Symbol('url');

class FetchedResponse extends Response {
  static {
    // Chains and libraries tell a response by its constructor too.
    Object.defineProperty(FetchedResponse.prototype, 'constructor', { value: Response });
  }

  /** As it was asked for. */
  private [asked]: string;

  constructor(body: BodyInit | null, init: ResponseInit, url: string) {
    super(body, init);
    this[asked] = url;
  }

  override get url(): string {
    const [withoutFragment = ''] = this[asked].split('#');
    return withoutFragment;
  }

  override get type(): ResponseType {
    return 'basic';
  }

  /** The very copy that Node makes: it cancels the body when it is no longer referred to. */
  override clone(): Response {
    const copy = Object.setPrototypeOf(super.clone(), FetchedResponse.prototype);
    copy[asked] = this[asked];
    return copy;
  }
}
