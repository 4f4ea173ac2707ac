// What chains print while they are drilled: a warning of an ordinary fallback comes back a thousand
// times in an hour of outage, so only the first lines are passed on, and the rest is counted.

const shownLines = 20;

export class ChainOutput {
  readonly #write: (text: string) => void;
  readonly #most: number;
  #lines = 0;

  /** `all`: every line is passed on. */
  constructor(write: (text: string) => void, all = false) {
    this.#write = write;
    this.#most = all ? Number.POSITIVE_INFINITY : shownLines;
  }

  /** Takes what one of the streams of a worker gave, whole lines or not. */
  take(text: string): void {
    const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
    const left = Math.max(0, this.#most - this.#lines);
    this.#lines += lines.length;
    if (left > 0) this.#write(lines.slice(0, left).join(''));
  }

  /** How many lines were kept back. */
  get hidden(): number {
    return Math.max(0, this.#lines - this.#most);
  }
}

/** Null where nothing was kept back. */
export function hiddenText({ hidden }: ChainOutput): string | null {
  if (hidden === 0) return null;
  return `the chain printed ${hidden} more line${hidden === 1 ? '' : 's'}; --verbose shows all`;
}
