// The moment of a response as HTTP writes it. It says whole seconds, and many responses share one.

let second = Number.NaN;
let shown = '';

/** `Mon, 05 Jan 2026 09:00:00 GMT` */
export function httpDate(epochMs: number): string {
  const own = Math.floor(epochMs / 1000);
  if (own !== second) {
    second = own;
    shown = new Date(own * 1000).toUTCString();
  }
  return shown;
}
