// Timers in the order in which they are due: a binary heap. Of those due at one time the one that
// was set first comes first.

/** One entry; it belongs to the heap that made it. */
export interface Timer {
  /** Where it stands in the heap; -1 when it is no longer in it. */
  slot: number;
  atMs: number;
  order: number;
  fire: () => void;
  /** Whose it is; absent for the harness's own. */
  owner?: object;
}

export class TimerHeap {
  #heap: Timer[] = [];
  #order = 0;

  /** What is set, in no order. */
  all(): readonly Timer[] {
    return this.#heap;
  }

  get size(): number {
    return this.#heap.length;
  }

  add(atMs: number, fire: () => void): Timer {
    const timer: Timer = { slot: -1, atMs, order: 0, fire };
    this.put(timer, atMs);
    return timer;
  }

  /** Sets a timer anew, behind all that are due at this time, whether it was in the heap or not. */
  put(timer: Timer, atMs: number): void {
    this.remove(timer);
    timer.atMs = atMs;
    timer.order = this.#order++;
    this.#heap.push(timer);
    this.#rise(timer, this.#heap.length - 1);
  }

  /** The earliest, which stays. */
  first(): Timer | undefined {
    return this.#heap[0];
  }

  /** Takes out the earliest. */
  pop(): Timer | undefined {
    const first = this.#heap[0];
    if (first) this.remove(first);
    return first;
  }

  /** Nothing happens if it is not there. */
  remove(timer: Timer): void {
    const { slot } = timer;
    if (slot < 0) return;
    timer.slot = -1;
    const last = this.#heap.pop();
    if (!last || last === timer) return;
    this.#rise(last, slot);
    this.#sink(last, last.slot);
  }

  /** Puts all off by so many ms; their order stays. */
  putOff(ms: number): void {
    for (const timer of this.#heap) timer.atMs += ms;
  }

  clear(): void {
    for (const timer of this.#heap) timer.slot = -1;
    this.#heap = [];
  }

  #rise(timer: Timer, from: number): void {
    let slot = from;
    while (slot > 0) {
      const parent = this.#heap[(slot - 1) >> 1];
      if (!parent || isBefore(parent, timer)) break;
      const above = parent.slot;
      this.#place(parent, slot);
      slot = above;
    }
    this.#place(timer, slot);
  }

  #sink(timer: Timer, from: number): void {
    let slot = from;
    for (;;) {
      const left = this.#heap[2 * slot + 1];
      const right = this.#heap[2 * slot + 2];
      const child = left && right && isBefore(right, left) ? right : left;
      if (!child || isBefore(timer, child)) break;
      const below = child.slot;
      this.#place(child, slot);
      slot = below;
    }
    this.#place(timer, slot);
  }

  #place(timer: Timer, slot: number): void {
    this.#heap[slot] = timer;
    timer.slot = slot;
  }
}

function isBefore(a: Timer, b: Timer): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}
