// An attempt as faults and schedules see it, for tests that care about a part of it.
import type { AttemptView } from '../harness/faults/fault.ts';
import { plainTraits } from '../harness/trial/twin.ts';
import type { Occasion } from '../harness/upstream/schedule.ts';

export const occasion: Occasion = {
  provider: 'openai',
  model: 'gpt-4o',
  region: null,
  key: null,
  foreignKey: false,
  wire: 'openai-chat',
  stream: true,
  call: 1,
  now: 0,
  asks: () => plainTraits,
};

export const attempt: AttemptView = { ...occasion, attempt: 1 };
