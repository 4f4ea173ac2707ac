// Probes of a breaker, as far as the wire shows them: calls that ask a primary which others pass
// over because it is down. A breaker that closes by time and opens again after so many failures
// does not probe, and one that draws lots does not either: both ask again behind a failure.
import { seconds } from './attempt-text.ts';
import type { InvariantTally, Violation } from './invariant.ts';
import { marginMs } from './margins.ts';
import type { Choice, News } from './primary-habit.ts';
import { surely } from './primary-habit.ts';

const minuteMs = 60_000;

export class Probes {
  readonly #perMinute: number;
  /** By scope of the primary: when it was probed, in the last minute. */
  readonly #scopes = new Map<string, number[]>();
  /** The last call passed the primary over. */
  #isOpen = false;
  /** It did once since the primary answered last. */
  #wasOpen = false;
  #failedSince = false;
  #isCertain = true;
  #asks = 0;
  #skips = 0;
  #probes = 0;
  #violations = 0;
  #first: Violation | null = null;

  constructor(perMinute: number) {
    this.#perMinute = perMinute;
  }

  chose(choice: Choice): void {
    const { asked } = choice;
    if (asked === null) {
      if (!this.#failedSince && !this.#wasOpen) this.#isCertain = false;
      this.#skips++;
      this.#isOpen = true;
      this.#wasOpen = true;
      return;
    }
    this.#asks++;
    if (this.#isOpen) this.#probed(choice, asked);
    else if (this.#wasOpen && this.#failedSince) this.#isCertain = false;
    this.#isOpen = false;
  }

  news({ what }: News): void {
    if (what !== 'well') {
      this.#failedSince = true;
      return;
    }
    this.#isOpen = false;
    this.#wasOpen = false;
    this.#failedSince = false;
    this.#scopes.clear();
  }

  #probed({ call, t }: Choice, scope: string): void {
    this.#failedSince = false;
    this.#probes++;
    const known = this.#scopes.get(scope) ?? [];
    const times = [...known.filter((time) => time > t - minuteMs + marginMs), t];
    this.#scopes.set(scope, times);
    if (times.length <= this.#perMinute) return;
    this.#violations++;
    const text =
      'The primary was down and passed over by most calls, but probed by calls that began at ' +
      `${times.map(seconds).join(', ')}; there should be at most ${this.#perMinute} probes a minute.`;
    this.#first ??= { call, at: t, text };
  }

  /** That who draws lots passes over those only of all calls that came while it was down. */
  #chance(before: number): number {
    const down = this.#asks + this.#skips;
    let chance = 1;
    for (let i = 0; i < this.#skips; i++) chance *= (down - i) / (down + before - i);
    return chance;
  }

  /** `before`: calls that began with the primary while nothing was wrong. */
  addTo(tally: InvariantTally, before: number): void {
    if (!this.#isCertain || this.#chance(before) >= surely) return;
    tally.exercised += this.#probes;
    tally.violations += this.#violations;
    const first = this.#first;
    if (first && (!tally.first || first.at < tally.first.at)) tally.first = first;
  }
}
