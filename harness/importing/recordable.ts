// Which requests can become recordings, and the question that each asks: a whole conversation, on
// whatever wire it was asked.
import { wires } from '../wires/index.ts';
import type { Asked, RawRequest, Turn } from '../wires/wire.ts';
import type { TextWireName } from '../wires/wire-name.ts';
import { textWireNames } from '../wires/wire-name.ts';
import type { ImportedSample } from './imported.ts';
import type { SampleIds } from './sample-ids.ts';

export type Recordable = Asked & { wire: TextWireName };

/** The request as a wire reads it, or why none does. The query is not shown: it may hold a key. */
export function recordable(request: RawRequest): Recordable | string {
  const [shown = ''] = request.url.split('?');
  if (!URL.canParse(request.url)) return `not a valid URL: ${shown}`;
  for (const wire of textWireNames) {
    const asked = wires[wire].decode(request);
    if (asked) return { ...asked, wire };
  }
  if (Object.values(wires).some((wire) => wire.decode(request))) {
    return 'vectors: a drill makes its own';
  }
  const { host, pathname } = new URL(request.url);
  return `no wire speaks ${request.method} ${host}${pathname}`;
}

/** `masked`: a text without what must not be kept, from which its name is made, too. */
export function questionOf(
  given: readonly Turn[],
  ids: SampleIds,
  masked: (text: string) => string,
): ImportedSample {
  const turns = given.map(({ role, text }) => ({ role, text: masked(text) }));
  const system = turns.filter(({ role }) => role === 'system').map(({ text }) => text);
  const asked = turns.findLast(({ role, text }) => role === 'user' && text.trim() !== '');
  const prompt = asked?.text ?? '(the recorded request holds no text)';
  const id = ids.idOf(JSON.stringify(turns.map(({ role, text }) => [role, text])), prompt);
  return { id, system: system.length > 0 ? system.join('\n\n') : null, prompt };
}
