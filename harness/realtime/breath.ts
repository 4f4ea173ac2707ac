// A turn for whoever else waits: long work beside a server that keeps its times. A leaf.
import { wall } from '../clock/wall.ts';

export function breath(): Promise<void> {
  return new Promise((resolve) => wall.setImmediate(() => resolve()));
}
