/**
 * A figure as reports keep it: sums of fractions differ in their last digits with the order of what
 * is added. Null also stands for what is infinite.
 */
export function settled(value: number | null): number | null {
  if (value === null || !Number.isFinite(value)) return null;
  return Number(value.toPrecision(12)) + 0;
}
