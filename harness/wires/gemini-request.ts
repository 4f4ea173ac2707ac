// What a Gemini request holds. Google takes every member in camel case and in snake case.
import type { Traits } from '../faults/fault.ts';
import { record, records, text } from './json.ts';
import { traitsOf } from './traits.ts';
import type { Asked } from './wire.ts';

type Json = Record<string, unknown>;

/** A member by its camel-case name, in either spelling. */
export function either(members: Json | null, name: string): unknown {
  return members?.[name] ?? members?.[snakeCase(name)];
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

export function generationConfig(body: Json): Json | null {
  return record(either(body, 'generationConfig'));
}

/** The conversation; a single turn may stand without a list around it. */
export function contentsOf(body: Json): Json[] {
  const single = record(body.contents);
  return single ? [single] : records(body.contents);
}

export function partsOf(content: unknown): Json[] {
  const parts = record(content)?.parts;
  const single = record(parts);
  return single ? [single] : records(parts);
}

/** Whether the request went to Vertex AI and not to the Gemini API. */
export function isVertex({ variant }: Asked): boolean {
  return variant.endsWith('+vertex');
}

const partNames = {
  images: [],
  callIds: [],
  signatures: ['thoughtSignature', 'thought_signature'],
};

export function geminiTraits(asked: Asked): Traits {
  const config = generationConfig(asked.body);
  const schema =
    either(config, 'responseSchema') ??
    either(config, 'responseJsonSchema') ??
    either(config, 'responseFormat');
  const parts = contentsOf(asked.body).flatMap(partsOf);
  return {
    ...traitsOf(asked, partNames, schema !== undefined),
    // What other wires have at the top stands in `generationConfig` here.
    parameters: [...Object.keys(asked.body), ...Object.keys(config ?? {})],
    images: parts.filter(isImage).length,
    callIds: [...new Set(parts.flatMap(callIdOf))],
  };
}

/** Data and files are images unless their type says otherwise. */
function isImage(part: Json): boolean {
  const data = record(either(part, 'inlineData')) ?? record(either(part, 'fileData'));
  if (data === null) return false;
  const type = text(either(data, 'mimeType'));
  return type === '' || type.startsWith('image/');
}

function callIdOf(part: Json): string[] {
  const named = record(either(part, 'functionCall')) ?? record(either(part, 'functionResponse'));
  // Where a call has no id, its result refers to it by its name.
  const id = text(named?.id) || text(named?.name);
  return id === '' ? [] : [id];
}
