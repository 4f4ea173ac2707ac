// The texts of a stream as its reader puts them together: what is spread over events stands in none
// of them. Knows no wire: whatever stands in the same place of one event after the other is joined.
import { parsed } from '../parsed-json.ts';
import type { ExactRecording } from '../upstream/recording.ts';
import { bodyOf } from '../upstream/recording.ts';
import { record } from '../wires/json.ts';
import { parseSse } from '../wires/sse.ts';

/** Of a body that is no stream, none. */
export function joinedPieces(recording: ExactRecording): string[] {
  const body = Buffer.from(bodyOf(recording)).toString('utf8');
  const whole = parsed(body);
  // Gemini may stream one JSON array, element by element.
  const events = Array.isArray(whole)
    ? whole
    : whole === undefined
      ? parseSse(body).map(({ data }) => parsed(data))
      : [];
  const pieces = new Map<string, string[]>();
  for (const event of events) {
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
