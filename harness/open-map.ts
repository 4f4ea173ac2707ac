// What is open, by its number: calls and attempts, of which few are open at a time and whose
// numbers only grow. A Map that is written to and deleted from all the time leaves its old tables
// to the garbage collector, each of them holding on to the next and to all that was open then.

const ringSize = 256;

/** A map from whole numbers, 0 or greater; fast where numbers that are open lie close together. */
export class OpenMap<V> {
  readonly #numbers: number[] = new Array(ringSize).fill(-1);
  readonly #values: (V | undefined)[] = new Array(ringSize).fill(undefined);
  /** Those that stayed open until their place in the ring was needed. */
  readonly #long = new Map<number, V>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get(number: number): V | undefined {
    const slot = number % ringSize;
    return this.#numbers[slot] === number ? this.#values[slot] : this.#long.get(number);
  }

  set(number: number, value: V): void {
    const slot = number % ringSize;
    const before = this.#numbers[slot] ?? -1;
    if (before === number) {
      this.#values[slot] = value;
      return;
    }
    if (!this.#long.delete(number)) this.#size++;
    if (before >= 0) this.#long.set(before, this.#values[slot] as V);
    this.#numbers[slot] = number;
    this.#values[slot] = value;
  }

  /** Whether it was there. */
  delete(number: number): boolean {
    const slot = number % ringSize;
    if (this.#numbers[slot] === number) {
      this.#numbers[slot] = -1;
      this.#values[slot] = undefined;
    } else if (!this.#long.delete(number)) return false;
    this.#size--;
    return true;
  }

  clear(): void {
    this.#numbers.fill(-1);
    this.#values.fill(undefined);
    this.#long.clear();
    this.#size = 0;
  }

  /** What is open now, by number, ascending. */
  entries(): [number: number, value: V][] {
    const all = [...this.#long];
    this.#numbers.forEach((number, slot) => {
      if (number >= 0) all.push([number, this.#values[slot] as V]);
    });
    return all.sort(([a], [b]) => a - b);
  }

  keys(): number[] {
    return this.entries().map(([number]) => number);
  }

  values(): V[] {
    return this.entries().map(([, value]) => value);
  }
}
