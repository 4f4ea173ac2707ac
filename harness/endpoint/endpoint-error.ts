/** Status, code and words of an app's own error. A leaf. */
export class EndpointError extends Error {
  override readonly name = 'EndpointError';
  readonly status: number | undefined;
  readonly code: string | undefined;

  constructor(message: string, status?: number, code?: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}
