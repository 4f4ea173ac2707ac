// Whether the results of tools got lost on the way. Chains clip, sum up, translate and reshape
// them, so only results that say nothing at all are lost, and only where nothing else in the
// request says it.
import { parsed } from '../parsed-json.ts';
import type { Asked } from '../wires/wire.ts';
import type { Sample } from '../workloads/workload.ts';

/**
 * What only the results of a sample's tools say: words and numbers, in small letters. None where a
 * result may be blank by itself: whoever begins the session again may have got that one.
 */
export function newsOf({ prompt, system, tools = [] }: Sample): string[] {
  if (tools.some(({ results }) => results.some(isBlank))) return [];
  const offers = tools.map(({ results, ...offered }) => offered);
  const known = `${prompt} ${system ?? ''} ${JSON.stringify(offers)}`.toLowerCase();
  const told = tools.flatMap(({ results }) => results).join(' ');
  const words = told.toLowerCase().match(telling) ?? [];
  return [...new Set(words)].filter((word) => !known.includes(word) && !literals.has(word));
}

/** Shorter ones stand in any request by chance. */
const telling = /[\p{L}\p{N}]{4,}|\p{N}{3}/gu;

/** Every other body has them. */
const literals = new Set(['true', 'false', 'null']);

export function hasBlankResults(news: readonly string[], { turns }: Asked, body: string): boolean {
  const told = turns.filter(({ role }) => role === 'tool');
  if (news.length === 0 || told.length === 0) return false;
  if (!told.every(({ text }) => isBlank(text))) return false;
  // What is in a picture or a file cannot be read here.
  if (enclosed.test(body)) return false;
  const said = body.toLowerCase();
  return !news.some((word) => said.includes(word));
}

const enclosed = /"(?:\w*image\w*|\w*file\w*|inline_?data|document|blob)"/i;

function isBlank(text: string): boolean {
  return saysNothing(parsed(text) ?? text);
}

/** Nothing is in it but what is left of values that were lost. */
function saysNothing(value: unknown): boolean {
  if (typeof value === 'string') return lost.test(value);
  if (typeof value !== 'object') return value === undefined;
  return value === null || Object.values(value).every(saysNothing);
}

const lost = /^(?:[^\p{L}\p{N}]*|undefined|null|\[object \w+\])$/u;
