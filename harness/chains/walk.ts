// One call on its way through the targets: what was tried, what the caller has read, and what is
// still worth trying. reference.ts walks; the rules of the walk are here.
import { backoffMs } from './backoff.ts';
import type { Hop } from './chain.ts';
import type { Tell } from './chain-event.ts';
import type { Deadline } from './deadline.ts';
import type { Break } from './exhausted-error.ts';
import { allUnwell, ExhaustedError, noTime, StreamBrokenError } from './exhausted-error.ts';
import type { Failure } from './failure.ts';
import { meanings } from './failure-meaning.ts';
import type { Lineup } from './lineup.ts';
import type { AttemptSettings, ReferenceSettings } from './settings.ts';
import type { Target, Usage } from './target.ts';
import { sleep } from './time.ts';

/** Who can only wait for others' attempts waits no longer: a polite reply is due. */
const patienceMs = 1_000;

export class Walk {
  /** Every attempt so far, and whoever was passed over, in order. */
  readonly hops: Hop[] = [];
  /** All that the caller has read. */
  text = '';
  /** Who sent the last of it. */
  served: string | null = null;
  /** What all attempts took, as far as their providers counted it; null: none did. */
  usage: Usage | null = null;
  /** How much of it went with tool calls, in turns that are over. */
  #settled = 0;

  readonly #settings: ReferenceSettings;
  readonly #deadline: Deadline;
  readonly #lineup: Lineup;
  readonly #tell: Tell;
  readonly #first: string | null;
  /** Who was passed over in this call already. */
  readonly #skipped = new Set<Target>();
  /** Who failed last, and how; null: nobody yet. */
  #left: { target: Target; failure: Failure } | null = null;
  /** Failed attempts of this turn, by name. */
  readonly #tried = new Map<string, number>();
  #hasHeard = false;
  /** Keys that are of no use for the length of this call. */
  readonly #deadKeys = new Set<string>();
  #primary: Failure | null = null;
  #last: Failure | null = null;
  /** Where this turn broke; what comes after that may fail for reasons of its own. */
  #break: Break | null = null;

  /** `first`: the name of whoever calls begin with. */
  constructor(
    settings: ReferenceSettings,
    deadline: Deadline,
    lineup: Lineup,
    tell: Tell,
    first: string | null,
  ) {
    this.#settings = settings;
    this.#deadline = deadline;
    this.#lineup = lineup;
    this.#tell = tell;
    this.#first = first;
  }

  /** What the caller has read of the turn that is on its way: it is committed to this much. */
  get partial(): string {
    return this.text.slice(this.#settled);
  }

  /** A turn is over that called tools. */
  settleTurn(): void {
    this.#settled = this.text.length;
    this.#break = null;
    this.#left = null;
    this.#tried.clear();
  }

  /** Text for the caller: turns are told apart by a blank line. */
  say(piece: string): string {
    const apart = this.partial === '' && this.text !== '' ? '\n\n' : '';
    this.text += apart + piece;
    if (apart !== '') this.#settled += apart.length;
    return apart + piece;
  }

  /** Of one attempt, whatever became of it. */
  billed({ input, output }: Usage): void {
    const before = this.usage ?? { input: 0, output: 0 };
    this.usage = { input: before.input + input, output: before.output + output };
  }

  /** The targets of a list that are still worth asking. Who is passed over is told once. */
  open(targets: readonly Target[]): Target[] {
    return targets.filter((target) => {
      if (this.#deadKeys.has(target.credential)) return false;
      const why = this.#lineup.closedTo(target);
      if (why !== null) this.#skip(target, why);
      return why === null;
    });
  }

  /**
   * Whom to ask in spite of its breaker, where nobody else is left: who would otherwise get nothing
   * loses nothing.
   */
  resort(targets: readonly Target[]): Target | null {
    return this.#lineup.longestAlone(this.#resorts(targets));
  }

  /**
   * Where others ask just now whoever is left: waits a moment for what they hear, once. Returns who
   * may be asked then.
   */
  async heard(targets: readonly Target[], signal: AbortSignal): Promise<Target[]> {
    const others = this.#resorts(targets);
    const told = this.#hasHeard ? null : this.#lineup.nextTold(others);
    if (told === null) return [];
    this.#hasHeard = true;
    await sleep(Math.min(patienceMs, this.#deadline.leftMs()), signal, told);
    return this.open(others);
  }

  #resorts(targets: readonly Target[]): Target[] {
    return targets.filter(
      (target) =>
        this.mayResortTo(target) &&
        !this.#tried.has(target.name) &&
        !this.#deadKeys.has(target.credential),
    );
  }

  /** Never the first: every call would begin with it, and that is what it is left alone for. */
  mayResortTo({ name }: Target): boolean {
    return name !== this.#first;
  }

  #skip(target: Target, why: string): void {
    if (this.#skipped.has(target)) return;
    this.#skipped.add(target);
    this.hops.push({ target: target.name, outcome: `skipped after ${why}` });
    this.#tell({ kind: 'skip', from: this.#lineup.labelOf(target), reason: why });
  }

  /** A target's first attempt begins: a fallback where another one has failed before. */
  turnTo(target: Target): void {
    const left = this.#left;
    if (left === null || left.target === target) return;
    const [from, to] = [left.target, target].map((one) => this.#lineup.labelOf(one));
    this.#tell({
      kind: 'fallback',
      from: from ?? null,
      to: to ?? null,
      reason: left.failure.outcome,
    });
  }

  /**
   * How often a target may be asked again. In a pool whoever is next stands in for a retry, so that
   * the pool as a whole costs no more attempts than a single target would, and at least one each.
   */
  mostRetries(target: Target, others: readonly Target[]): number {
    const { max } = this.#settings.retry;
    if (!this.#lineup.hasPools) return max;
    if (others[0]?.name === target.name) return 0;
    return Math.max(0, max - (this.#tried.get(target.name) ?? 0));
  }

  /** Whether to go on with another target. */
  get goesOn(): boolean {
    if (this.#deadline.leftMs() <= 0 || this.isRefused) return false;
    return this.partial === '' || this.#settings.afterPayload === 'continue';
  }

  /** A provider turned the question itself down: nobody else is asked it. */
  get isRefused(): boolean {
    return this.#last !== null && meanings[this.#last.meaning].final === true;
  }

  failed(target: Target, failure: Failure): void {
    this.hops.push({ target: target.name, outcome: failure.outcome });
    this.#left = { target, failure };
    this.#tried.set(target.name, (this.#tried.get(target.name) ?? 0) + 1);
    this.#primary ??= failure;
    this.#last = failure;
    if (this.#break === null || this.#break.chars <= this.#settled) {
      this.#break = { target: target.name, failure, chars: this.text.length };
    }
    if (meanings[failure.meaning].credential) this.#deadKeys.add(target.credential);
  }

  /**
   * ms before asking the same target once more, for the `retry`-th time; null: leave it.
   * `untilMs`: what its share of the deadline leaves it. `after`: how many targets may follow.
   */
  waitMs(
    failure: Failure,
    retry: number,
    untilMs: number,
    after: number,
    random: () => number,
  ): number | null {
    const { retry: settings, attempt } = this.#settings;
    if (!failure.retry || retry > settings.max || this.partial !== '') return null;
    const hint = failure.hintMs;
    if (hint !== null && hint > settings.hintCapMs) return null;
    const crowd = failure.meaning === 'rate-limit' || hint !== null;
    const wait = (hint ?? 0) + backoffMs(settings, retry, crowd, random);
    if (wait + this.#deadline.leastMs > untilMs) return null;
    if (failure.meaning === 'timeout' && !this.#hasTimeToHang(wait, after, attempt)) return null;
    return wait;
  }

  /** Who hung once may hang again: only where nobody else is left, and there is time for it. */
  #hasTimeToHang(wait: number, after: number, { timeoutMs }: AttemptSettings): boolean {
    return after === 0 && wait + timeoutMs <= this.#deadline.leftMs();
  }

  /** What the caller gets when nothing is left to try. */
  error(): ExhaustedError | StreamBrokenError {
    if (this.text !== '' && this.#break) return new StreamBrokenError(this.hops, this.#break);
    return new ExhaustedError(this.hops, this.#primary, this.hops.length > 0 ? allUnwell : noTime);
  }
}
