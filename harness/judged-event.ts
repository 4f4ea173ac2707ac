// What a judge model says of a text, as the history has it. A leaf.

/** Nobody judged the text, or the judge that was asked gave no verdict. */
export type Unjudged = 'no-verdict' | 'judge-failed';

/** What the judge model says of one text; all of a trial stand before its first call. */
export interface JudgedEvent {
  e: 'judged';
  sample: string;
  /** Id of the judged check. */
  rubric: string;
  /** Of the text that was judged. */
  hash: string;
  kind: 'recorded' | 'recorded-text' | 'authored';
  choice?: string;
  /** What the choice is worth; null where there is no verdict. */
  score: number | null;
  /** The judge's reasons. */
  why?: string;
  /** What went wrong: `status 429`, `timeout`, `connection`, `malformed`, `no choice`. */
  failed?: string;
}
