// How often somebody is asked. A chain with a budget of its own refuses calls when more of them
// than ever before lie behind it in some span of time; a breaker does however few there were.
import { OpenMap } from '../open-map.ts';

/** Fewer calls at once, or in a span, are no crowd: nobody sets such a limit. */
export const crowdSize = 5;

/** Spans over which budgets are counted, ms. */
const spansMs = [1000, 5000, 10_000, 30_000, 60_000];

export class AskRate {
  /** When calls were asked for that are young enough to count, ascending. */
  readonly #times: number[] = [];
  /** Per span: those of #times that are too old for it. */
  readonly #old = spansMs.map(() => 0);
  /** Per span: the most that lay behind a call for which somebody was asked. */
  readonly #most = spansMs.map(() => 0);
  /** Per open call for which nobody was asked yet, and span: how many lay behind it. */
  readonly #behind = new OpenMap<number[]>();

  call(call: number, t: number): void {
    this.#behind.set(
      call,
      spansMs.map((span, index) => {
        let old = this.#old[index] ?? 0;
        while (old < this.#times.length && (this.#times[old] ?? t) <= t - span) old++;
        this.#old[index] = old;
        return this.#times.length - old;
      }),
    );
    this.#forget();
  }

  /** Later attempts of a call do not count. */
  asked(call: number, t: number): void {
    const behind = this.#behind.get(call);
    if (!behind) return;
    this.#behind.delete(call);
    this.#times.push(t);
    behind.forEach((count, index) => {
      this.#most[index] = Math.max(this.#most[index] ?? 0, count);
    });
  }

  /** Whether more lay behind this finished call, in any span, than behind those that were asked. */
  wasExceeded(call: number): boolean {
    const behind = this.#behind.get(call) ?? [];
    this.#behind.delete(call);
    return behind.some((count, index) => count >= crowdSize && count > (this.#most[index] ?? 0));
  }

  #forget(): void {
    const dead = Math.min(...this.#old);
    if (dead < 1000) return;
    this.#times.splice(0, dead);
    this.#old.forEach((old, index) => {
      this.#old[index] = old - dead;
    });
  }
}
