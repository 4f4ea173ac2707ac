// What MSW and our handler use of a Request, without the cost of undici's: no stream, no tee, no
// copy of the headers. Its body is a text that is there already.

/** A request whose body has been read. */
export class LightRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Headers;
  readonly body: string;
  readonly credentials = 'same-origin';

  constructor(url: string, method: string, headers: Headers, body: string) {
    this.url = url;
    this.method = method;
    this.headers = headers;
    this.body = body;
  }

  /**
   * From the arguments of a fetch; null where only a real Request can tell what they mean (bodies
   * that are no text, another Request, what fetch would refuse).
   */
  static of(url: Readonly<URL>, init: RequestInit | undefined): LightRequest | null {
    const { body = null, method = 'GET', headers } = init ?? {};
    if (typeof body !== 'string' && body !== null) return null;
    const upper = method.toUpperCase();
    if (body !== null && (upper === 'GET' || upper === 'HEAD')) return null;
    if (url.username !== '' || url.password !== '') return null;
    const own = headers instanceof Headers ? headers : new Headers(headers);
    return new LightRequest(url.href, upper, own, body ?? '');
  }

  /** Reads the body of a real one. */
  static async from(request: Request): Promise<LightRequest> {
    const { url, method, headers } = request;
    return new LightRequest(url, method, headers, await request.text());
  }

  clone(): this {
    return this;
  }

  text(): Promise<string> {
    return Promise.resolve(this.body);
  }

  async json(): Promise<unknown> {
    return JSON.parse(this.body);
  }
}
