// The texts of a stream as its reader puts them together: what is spread over events stands in none
// of them. Knows no wire: whatever stands in the same place of one event after the other is joined.
import { parsed } from '../parsed-json.ts';
import type { ExactRecording } from '../upstream/recording.ts';
import { bodyOf } from '../upstream/recording.ts';
import { record } from '../wires/json.ts';
import { parseSse } from '../wires/sse.ts';

/** Of a body that is no stream, none. */
export function joinedPieces(recording: ExactRecording): string[] {
  const { whole, events } = readBody(recording);
  const isStream = whole === undefined || Array.isArray(whole);
  const pieces = new Map<string, string[]>();
  for (const event of isStream ? events : []) {
    // What numbers an event or names its type says of which text a piece is: that is not needed.
    for (const [place, text] of texts(event, '')) {
      const all = pieces.get(place) ?? [];
      pieces.set(place, all);
      all.push(text);
    }
  }
  return [...pieces.values()]
    .filter((all) => all.some((one) => one !== all[0]))
    .map((all) => all.join(''));
}

/**
 * The texts of a body, also of one at once, as its reader has them: JSON may write any character
 * with an escape (`\\/`, `\\u002b`). None where it has no escapes.
 */
export function unescapedTexts(recording: ExactRecording): string[] {
  const { body, events } = readBody(recording);
  if (!body.includes('\\')) return [];
  return events.flatMap((event) => [...texts(event, '')].map(([, text]) => text));
}

/** `whole` undefined: it is no JSON, but events. */
function readBody(recording: ExactRecording): { body: string; whole: unknown; events: unknown[] } {
  const body = Buffer.from(bodyOf(recording)).toString('utf8');
  const whole = parsed(body);
  // Gemini may stream one JSON array, element by element.
  if (Array.isArray(whole)) return { body, whole, events: whole };
  if (whole !== undefined) return { body, whole, events: [whole] };
  return { body, whole, events: parseSse(body).map(({ data }) => parsed(data)) };
}

function* texts(value: unknown, place: string): Generator<[place: string, text: string]> {
  if (typeof value === 'string') yield [place, value];
  else if (Array.isArray(value)) {
    for (const one of value) yield* texts(one, `${place}[]`);
  } else {
    for (const [key, one] of Object.entries(record(value) ?? {})) {
      yield* texts(one, `${place}.${key}`);
    }
  }
}
