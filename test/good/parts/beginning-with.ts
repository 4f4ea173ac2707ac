/** A stream whose first piece was waited for already. */
export function beginningWith(
  first: IteratorResult<string>,
  rest: AsyncGenerator<string>,
): AsyncIterableIterator<string> {
  let waiting: typeof first | null = first;
  return {
    next() {
      const due = waiting;
      waiting = null;
      return due ? Promise.resolve(due) : rest.next();
    },
    return: () => rest.return(undefined),
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
