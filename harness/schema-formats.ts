// What JSON Schema's `format` may ask of a text: the formats that the providers' structured output
// knows, as zod reads them. Any other name asks for nothing, as the standard has it.
import { z } from 'zod';

/** The offset may be left out: models write 10:00:00, and so do the people who ask for it. */
const time = /^(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:z|[+-](?:[01]\d|2[0-3]):[0-5]\d)?$/i;

const types: Readonly<Record<string, z.ZodType>> = {
  'date-time': z.iso.datetime({ offset: true }),
  date: z.iso.date(),
  time: z.string().regex(time),
  duration: z.iso.duration(),
  email: z.email(),
  hostname: z.hostname(),
  ipv4: z.ipv4(),
  ipv6: z.ipv6(),
  uri: z.url(),
  // Any version, or none: people make ids up, and models copy them.
  uuid: z.guid(),
};

export const schemaFormats: Readonly<Record<string, (text: string) => boolean>> =
  Object.fromEntries(
    Object.entries(types).map(([name, type]) => [name, (text) => type.safeParse(text).success]),
  );
