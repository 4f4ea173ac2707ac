// Targets whose requests are wrong in the one way that is planted: the mistakes between a chain's
// decision and the wire. Made by bending what the shipped targets send.
import { createTargets } from '../../../harness/chains/create-targets.ts';
import type { ReferenceSettings, TargetSettings } from '../../../harness/chains/settings.ts';
import type { Target } from '../../../harness/chains/target.ts';
import { record, records } from '../../../harness/wires/json.ts';
import { careless } from './careless-reader.ts';
import type { Mistake } from './mistakes.ts';

type Body = Record<string, unknown>;

/** Changes a body in place. */
type Bend = (body: Body, first: TargetSettings) => void;

const bends: Partial<Record<Mistake, Bend>> = {
  'sends-same-to-all': sameToAll,
  'second-error-hides-first': sameToAll,
  'drops-schema': dropSchema,
  'sends-foreign-history': foreignHistory,
};

export function targetsFor(mistake: Mistake | null, settings: ReferenceSettings): Target[] {
  const [first] = settings.targets;
  if (mistake === null || !first) return createTargets(settings);
  if (mistake === 'one-key-for-all') return withOneKey(settings, first);
  const bend = bends[mistake];
  const { fetch } = globalThis;
  const read = careless(mistake, fetch);
  if (!bend && read === fetch) return createTargets(settings);
  // The targets look it up once, as they are made.
  globalThis.fetch = (input, init) =>
    read(input, bend ? bent(init, (body) => bend(body, first)) : init);
  try {
    return createTargets(settings);
  } finally {
    globalThis.fetch = fetch;
  }
}

/** Each believes that the key is its own. */
function withOneKey(settings: ReferenceSettings, { keyVariable }: TargetSettings): Target[] {
  const targets = settings.targets.map((target) => ({ ...target, keyVariable }));
  return createTargets({ ...settings, targets }).map((target) => {
    return { ...target, credential: target.name };
  });
}

function bent(init: RequestInit | undefined, bend: (body: Body) => void): RequestInit {
  if (typeof init?.body !== 'string') return init ?? {};
  const body = record(JSON.parse(init.body)) ?? {};
  bend(body);
  return { ...init, body: JSON.stringify(body) };
}

/** What the first model was configured with, and a picture that only it can see. */
function sameToAll(body: Body): void {
  body.frequency_penalty = 0.2;
  delete body.max_completion_tokens;
  if (body.input === undefined) body.max_tokens = 64_000;
  const question = records(body.messages).findLast(({ role }) => role === 'user');
  if (typeof question?.content !== 'string') return;
  const url = 'https://larkfield.example/photo.png';
  const isClaude = String(body.model).startsWith('claude');
  question.content = [
    { type: 'text', text: question.content },
    isClaude
      ? { type: 'image', source: { type: 'url', url } }
      : { type: 'image_url', image_url: { url } },
  ];
}

/** The translation knows nothing of schemas: only the first target gets them. */
function dropSchema(body: Body, { model }: TargetSettings): void {
  if (body.model === model) return;
  for (const member of ['response_format', 'output_config', 'text']) delete body[member];
}

const foreignSignature = 'gAAAAABmade-by-another-provider';
const longIds = 94;

/** Thoughts of another provider come back signed by it, and ids as somebody made them longer. */
function foreignHistory(body: Body): void {
  for (const { content, role } of records(body.messages)) {
    if (role !== 'assistant' || !Array.isArray(content)) continue;
    const calls = records(content).filter(({ type }) => type === 'tool_use');
    if (calls.every(({ id }) => String(id).startsWith('toolu_'))) continue;
    content.unshift({ type: 'thinking', thinking: 'I look it up.', signature: foreignSignature });
  }
  for (const item of records(body.input)) {
    if (typeof item.call_id === 'string') item.call_id = item.call_id.padEnd(longIds, '|fc_0');
  }
}
