// What authors of chains import: `import type { Question } from 'firedrill'`. The package's front
// door: types only, and no module here imports from it.
export type {
  Ask,
  ChainAnswer,
  ChainFactory,
  ChainOptions,
  Hop,
  Meta,
  Pieces,
  Question,
  Tool,
} from './chains/chain.ts';
