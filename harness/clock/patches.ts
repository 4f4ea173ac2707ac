// Replaced properties of objects that belong to Node or to the language, and the way back.
// Everything that changes a global (time, randomness, sockets) goes through here, so that one test
// of `restore` holds for all of them.
import { syncBuiltinESMExports } from 'node:module';

type Key = string | symbol;

interface Undo {
  object: object;
  key: Key;
  before: PropertyDescriptor | undefined;
}

export class Patches {
  readonly #undo: Undo[] = [];

  /**
   * Gives `object[key]` a value; a property that was there keeps its flags, a new one is hidden.
   */
  set(object: object, key: Key, value: unknown): void {
    const before = Object.getOwnPropertyDescriptor(object, key);
    const writable = before?.writable ?? true;
    this.define(object, key, { value, writable, enumerable: before?.enumerable ?? false });
  }

  define(object: object, key: Key, descriptor: PropertyDescriptor): void {
    this.#undo.push({ object, key, before: Object.getOwnPropertyDescriptor(object, key) });
    Object.defineProperty(object, key, { ...descriptor, configurable: true });
  }

  /**
   * Lets named ESM imports of Node's modules (`import { setTimeout } from 'node:timers'`) follow.
   */
  publish(): void {
    syncBuiltinESMExports();
  }

  /** Puts every property back as it was, last change first. */
  restore(): void {
    for (let undo = this.#undo.pop(); undo; undo = this.#undo.pop()) {
      if (undo.before) Object.defineProperty(undo.object, undo.key, undo.before);
      else Reflect.deleteProperty(undo.object, undo.key);
    }
    syncBuiltinESMExports();
  }
}
