// Which model answered, as the answer itself says it: `gpt-4o` is another model today than it was
// a year ago, and a target's name does not show it.
import { parsed } from '../parsed-json.ts';
import type { ExactRecording } from '../upstream/recording.ts';
import { bodyOf } from '../upstream/recording.ts';
import { record, text } from '../wires/json.ts';
import { parseSse } from '../wires/sse.ts';

/** The model that the body names; null where it names none, as errors do. */
export function saidModel(recording: ExactRecording): string | null {
  if (recording.exchange.status >= 400) return null;
  const body = new TextDecoder().decode(bodyOf(recording));
  const whole = modelIn(parsed(body));
  if (whole !== null) return whole;
  for (const { data } of parseSse(body)) {
    const model = modelIn(parsed(data));
    if (model !== null) return model;
  }
  return null;
}

function modelIn(body: unknown): string | null {
  const members = record(Array.isArray(body) ? body[0] : body);
  const inner = record(members?.message) ?? record(members?.response);
  const names = [members?.model, members?.modelVersion, inner?.model].map(text);
  return names.find((name) => name !== '') ?? null;
}

/**
 * Whether a model that answered is the one that a target's name means: the same name, or a version
 * of it (`gpt-4o-2024-08-06` of `gpt-4o`); `gpt-4o-mini` is none.
 */
export function isNamed(target: string, said: string): boolean {
  const asked = bare(target.slice(target.indexOf('/') + 1));
  const answered = bare(said);
  if (asked === answered) return true;
  const rest = answered.startsWith(asked) ? answered.slice(asked.length) : null;
  return rest !== null && /^[-@:](?:preview|exp|beta|latest|v?\d)[\w.:-]*$/.test(rest);
}

/** Without the vendor that gateways write before it, and without `-latest`. */
function bare(model: string): string {
  return model
    .replace(/^.*\//, '')
    .replace(/-latest$/, '')
    .toLowerCase();
}
