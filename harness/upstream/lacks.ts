// What a question has and a request does not bring. A chain may say it in words of its own, so only
// what is nowhere in the request is missing; a rule compares requests of one chain with each other.
import type { Lack } from '../history.ts';
import { record } from '../wires/json.ts';
import { unreadable } from '../wires/request.ts';
import type { Asked, RawRequest } from '../wires/wire.ts';
import type { Sample, SampleTool } from '../workloads/workload.ts';
import { isBare } from './bare-tool.ts';
import { hasBlankResults, newsOf } from './blank-results.ts';

/** Of a question, what is looked for in each of its requests. */
interface Sought {
  /** The prompt without its slot, and the system prompt; in pieces that stay as they are. */
  prompt: string[];
  system: string[];
  tools: readonly SampleTool[];
  /** What the results of its tools say, and nothing else of it. */
  news: string[];
  /** The names of the members that its schema has; empty where it has none. */
  members: string[];
}

const known = new WeakMap<Sample, Sought>();

export function lacksOf(sample: Sample, { body }: RawRequest, asked: Asked): Lack[] {
  // The rest of such a conversation is on the server, or nobody can read it.
  if (isElsewhere(asked)) return [];
  const sought = known.get(sample) ?? soughtIn(sample);
  known.set(sample, sought);
  const lacks: Lack[] = [];
  const { prompt, system, tools, news, members } = sought;
  if (!brings(asked, prompt)) lacks.push('question');
  if (!brings(asked, system)) lacks.push('system');
  if (tools.length > 0 && !offers(asked, tools, body)) lacks.push('tools');
  else if (tools.some((tool) => isBare(tool, asked, body))) lacks.push('parameters');
  if (hasBlankResults(news, asked, body)) lacks.push('results');
  if (members.length > 0 && !tellsSchema(sought, body)) lacks.push('schema');
  return lacks;
}

const slot = '{{ticket}}';

function soughtIn(sample: Sample): Sought {
  const { prompt, system, tools, schema } = sample;
  return {
    prompt: prompt.split(slot).filter((piece) => piece.trim() !== ''),
    system: system === null ? [] : [system],
    tools: tools ?? [],
    news: newsOf(sample),
    members: Object.keys(record(record(schema)?.properties) ?? {}),
  };
}

function isElsewhere({ body }: Asked): boolean {
  if (body === unreadable) return true;
  return ['previous_response_id', 'conversation', 'prompt', 'cachedContent', 'cached_content'].some(
    (name) => body[name] !== undefined && body[name] !== null,
  );
}

function brings({ turns }: Asked, pieces: readonly string[]): boolean {
  return pieces.every((piece) => {
    const text = piece.trim();
    return turns.some((turn) => turn.text.includes(text)) || saysMost(turns, text);
  });
}

/** Put in other places, cut into blocks or shortened a little, it is still there. */
function saysMost(turns: Asked['turns'], text: string): boolean {
  const said = new Set(turns.flatMap((turn) => wordsOf(turn.text)));
  const words = wordsOf(text);
  return words.filter((word) => said.has(word)).length * 2 >= words.length;
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]{4,}/gu) ?? [];
}

/** As tools, or told in words. */
function offers({ tools }: Asked, sought: Sought['tools'], body: string): boolean {
  return tools.length >= sought.length || sought.every(({ name }) => body.includes(name));
}

/**
 * However it is told: as a schema, as a tool that has to be called, in words, or only that it is to
 * be JSON. What the question itself says of it does not count.
 */
function tellsSchema({ prompt, system, members }: Sought, body: string): boolean {
  let rest = body;
  for (const piece of [...prompt, ...system]) {
    const written = JSON.stringify(piece.trim()).slice(1, -1);
    const parts = rest.split(written);
    // Written in some other way: whose words they are cannot be told.
    if (parts.length === 1) return true;
    rest = parts.join('');
  }
  return /json|schema|structured/i.test(rest) || members.every((name) => rest.includes(name));
}
