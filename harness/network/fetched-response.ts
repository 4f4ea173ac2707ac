// What a fetch resolves to: a Response that knows where it came from, as one made by hand does not.
// A class costs nothing where defining the properties on every response costs most of a
// microsecond.

const asked = Symbol('url');

export class FetchedResponse extends Response {
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
