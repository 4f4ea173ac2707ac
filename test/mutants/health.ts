// A breaker: five failures in a row open it, and every half minute one call may try again.

const failuresToOpen = 5;
const restMs = 31_000;

export class Health {
  failures = 0;
  /** When the next call may try; while it is closed, any time. */
  nextAt = 0;
  readonly restMs: number;

  constructor(rest = restMs) {
    this.restMs = rest;
  }

  get isOpen(): boolean {
    return this.failures >= failuresToOpen;
  }

  /** Whether a call may ask; a try of an open one is taken by whoever asks. */
  allows(): boolean {
    if (!this.isOpen) return true;
    if (performance.now() < this.nextAt) return false;
    this.nextAt = performance.now() + this.restMs;
    return true;
  }

  succeeded(): void {
    this.failures = 0;
  }

  failed(): void {
    this.failures++;
    if (this.failures >= failuresToOpen) this.nextAt = performance.now() + this.restMs;
  }
}
