// Why a request cannot be answered at all, in words: mistakes of the input, for the person who runs
// the drill. The chain never sees them.
import type { RawRequest, Wire } from '../wires/wire.ts';
import type { AnswerBook } from './answer-book.ts';

export function noUrl(text: string): string {
  return `a request to ${text}, which is no URL: nothing was sent`;
}

export function unmapped(host: string): string {
  return `a request to ${host}, a host that no targets file names: nothing was sent; add it to "hosts" of a targets file, with its provider`;
}

export function unspoken(wires: Wire[], request: RawRequest, url: Readonly<URL>): string {
  const names = wires.map((wire) => wire.name).join(', ');
  return `no wire answers ${request.method} ${url.host}${url.pathname}: there are ${names}`;
}

export function unattributed(target: string): string {
  return `a request to ${target} belongs to no call: it was made outside every call of the chain, and its text has the ticket of none that is open`;
}

export function missing(book: AnswerBook, sample: string, target: string, turn = 1): string {
  const turns = book.turns(sample, target);
  if (turn > 1 && turns.length > 0) {
    const results = turn === 2 ? 'one tool result' : `${turn - 1} tool results`;
    return `no recording of ${target} for turn ${turn} of the sample ${JSON.stringify(sample)} (after ${results}): nothing can be answered; recorded turns are ${turns.join(', ')}`;
  }
  const others = book.targets().join(', ') || 'none';
  const said = `no recording of ${target} for the sample ${JSON.stringify(sample)}: nothing can be answered; recorded targets are ${others}; firedrill record asks it, and firedrill import takes what was logged`;
  return said + asUnknown(book, target);
}

/** How to drill a provider that does not have the model, where that may be meant. */
function asUnknown(book: AnswerBook, target: string): string {
  const slash = target.indexOf('/');
  const provider = target.slice(0, slash);
  const targets = book.targets();
  const known = targets.filter((other) => other.startsWith(`${provider}/`));
  if (known.length === 0 || targets.includes(target)) return '';
  const models = known.map((other) => yamlWord(other.slice(slash + 1))).join(', ');
  const rule = `{ inject: guard, models: [${models}], on: { provider: ${yamlWord(provider)} } }`;
  return `; to have ${provider} turn down models that it does not have, as it really would, add the rule ${rule}`;
}

function yamlWord(text: string): string {
  return /^[a-z][\w./-]*$/i.test(text) ? text : JSON.stringify(text);
}
