// Reads an effect out of a history, which may be of another version than its types are. A leaf.

/** What stands at a path of members; undefined where there is none. */
export function effectMember(effect: unknown, ...path: string[]): unknown {
  let found = effect;
  for (const name of path) {
    if (typeof found !== 'object' || found === null) return undefined;
    found = Reflect.get(found, name);
  }
  return found;
}
