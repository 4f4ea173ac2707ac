// The setting of every check that counts: from how many to how many.
import { z } from 'zod';

/** Both ends are in. */
export interface Range {
  min: number;
  max: number;
}

const limit = z.number().int().min(0);
const ends = {
  min: limit.optional().describe('At least so many.'),
  max: limit.optional().describe('At most so many.'),
};

type Ends = { min?: number | undefined; max?: number | undefined };

/** `{ min, max }`, one of them or both, beside whatever else a kind asks for. */
export function rangeBeside<Own extends z.core.$ZodLooseShape>(own: Own) {
  return z
    .strictObject({ ...own, ...ends })
    .refine((raw) => endsOf(raw).some((end) => end !== undefined), 'give min, max or both')
    .refine((raw) => {
      const [min = 0, max = Infinity] = endsOf(raw);
      return min <= max;
    }, 'min is above max');
}

function endsOf(raw: object): [min: number | undefined, max: number | undefined] {
  const { min, max } = raw as Ends;
  return [min, max];
}

export function within({ min = 0, max = Infinity }: Ends, count: number): boolean {
  return count >= min && count <= max;
}
