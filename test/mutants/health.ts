// A breaker: five failures in a row open it, and whenever it has rested one call may try again.

const failuresToOpen = 5;

export class Health {
  failures = 0;
  /** When the next call may try; while it is closed, any time. */
  nextAt = 0;
  readonly restMs: number;

  constructor(restMs: number) {
    this.restMs = restMs;
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
