// The kinds of twins: a trial run once more with one thing changed. A leaf.
export const twinKinds = [
  /** An error inside a 200 comes as the HTTP status that means the same. */
  'status',
  /** Other words in the errors; status, codes, headers and times stay. */
  'words',
  /** The same bytes in other reads. */
  'chunks',
  /** The chain streams where it did not, and the other way round. */
  'stream',
] as const;

export type TwinKind = (typeof twinKinds)[number];
