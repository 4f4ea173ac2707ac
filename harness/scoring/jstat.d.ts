// jstat brings no types: what of it is used here.
declare module 'jstat' {
  interface Normal {
    cdf(x: number, mean: number, deviation: number): number;
    inv(share: number, mean: number, deviation: number): number;
  }
  interface StudentT {
    inv(share: number, degrees: number): number;
  }
  const jstat: { normal: Normal; studentt: StudentT };
  export = jstat;
}
