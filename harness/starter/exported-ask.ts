// An exported function of a module that takes a prompt and gives an answer, found in the module's
// text by its head alone, as a reader would skim it: a guess that the user sees and may correct.
export interface ExportedAsk {
  /** As it is exported; null for the default export. */
  name: string | null;
  /** Its second parameter is an AbortSignal, or options with one; null: neither. */
  signal: 'alone' | 'option' | null;
}

interface Head {
  name: string;
  isDefault: boolean;
  isExported: boolean;
  /** Async or a generator. */
  isLater: boolean;
  params: string[];
  /** The annotation of what it returns; '' without one. */
  returns: string;
}

const name = String.raw`[A-Za-z_$][\w$]*`;
/** What may stand between `=` and the parameters of a function. */
const value = String.raw`(?<async>async\b\s*)?(?:function\s*(?<star>\*)?\s*(?:${name})?\s*)?\(`;
/** `function f(`, `const f = async (`, `exports.f = async function (`: at the start of a line. */
const declared = [
  String.raw`^(?<export>export\s+)?(?<default>default\s+)?(?<async>async\s+)?` +
    String.raw`function\s*(?<star>\*)?\s*(?<name>${name})?\s*\(`,
  String.raw`^(?<export>export\s+)?const\s+(?<name>${name})\s*=\s*${value}`,
  String.raw`^(?:module\.)?(?<export>exports\.)(?<name>${name})\s*=\s*${value}`,
  String.raw`^(?<export>export\s+)(?<default>default\s+)(?<async>async\b\s*)\(`,
].map((pattern) => new RegExp(pattern, 'gm'));

/** The function that others of the module do not call, if several would do. */
export function exportedAsk(text: string, typed: boolean): ExportedAsk | null {
  const fitting = headsIn(text).filter((head) => head.isExported && takesPrompt(head, typed));
  const outer = fitting.find((head) => !isCalled(text, head.name)) ?? fitting[0];
  if (!outer) return null;
  return {
    name: outer.isDefault ? null : outer.name,
    signal: signalIn(outer.params[1], typed),
  };
}

function headsIn(text: string): Head[] {
  const listed = exportedByList(text);
  const byDefault = new RegExp(`^(?:export default|module\\.exports =) (${name})\\s*;?\\s*$`, 'm');
  const main = byDefault.exec(text)?.[1];
  return declared
    .flatMap((pattern) => [...text.matchAll(pattern)])
    .sort((a, b) => a.index - b.index)
    .map((match): Head => {
      const parts = match.groups ?? {};
      const own = parts.name ?? '';
      const { params, end } = paramsAt(text, match.index + match[0].length);
      return {
        name: own,
        isDefault: parts.default !== undefined || (main !== undefined && own === main),
        isExported: parts.export !== undefined || listed.has(own) || own === main,
        isLater: parts.async !== undefined || parts.star !== undefined,
        params,
        returns: /^\s*:\s*([^{=;]+)/.exec(text.slice(end, end + 200))?.[1]?.trim() ?? '',
      };
    });
}

/** Names in `export { a, b }` and `module.exports = { a, b }`, as they are, without renames. */
function exportedByList(text: string): Set<string> {
  const lists = text.matchAll(/(?:^export\s*|^module\.exports\s*=\s*)\{([^}]*)\}(?!\s*from)/gm);
  return new Set([...lists].flatMap(([, list = '']) => list.split(',').map((one) => one.trim())));
}

/** The parameters from just behind the opening parenthesis, and where the closing one ends. */
function paramsAt(text: string, start: number): { params: string[]; end: number } {
  const params: string[] = [];
  let depth = 0;
  let from = start;
  let at = start;
  for (; at < text.length; at++) {
    const char = text.charAt(at);
    if ('([{<'.includes(char)) depth++;
    else if (char === '>' && text[at - 1] === '=') continue;
    else if (')]}>'.includes(char) && depth-- === 0) break;
    else if (char === ',' && depth === 0) {
      params.push(text.slice(from, at).trim());
      from = at + 1;
    }
  }
  const last = text.slice(from, at).trim();
  return { params: last === '' ? params : [...params, last], end: at + 1 };
}

const promptLike = /prompt|question|query|text$|input$|message$|content$/i;
const textLater =
  /^(?:Promise|AsyncGenerator|AsyncIterable|AsyncIterableIterator|ReadableStream)<\s*string\b/;

function takesPrompt({ params, isLater, returns }: Head, typed: boolean): boolean {
  const [first = '', second, ...more] = params;
  const isText = typed ? /^[\w$]+\s*:\s*string$/.test(first) : isPlain(first, promptLike);
  const givesText = returns === '' ? isLater : textLater.test(returns);
  const rest = signalIn(second, typed) === null ? params.slice(1) : more;
  return isText && givesText && rest.every((param) => /^[\w$]+\?\s*:|=|^\.\.\./.test(param));
}

function signalIn(param: string | undefined, typed: boolean): ExportedAsk['signal'] {
  if (param === undefined) return null;
  if (typed && /^[\w$]+\??\s*:\s*AbortSignal\b/.test(param)) return 'alone';
  if (!typed && isPlain(param, /signal/i)) return 'alone';
  const option = typed ? /\{[^}]*\bsignal\??\s*:\s*AbortSignal\b/ : /^\{[^}]*\bsignal\b/;
  return option.test(param) ? 'option' : null;
}

function isPlain(param: string, like: RegExp): boolean {
  return /^[\w$]+$/.test(param) && like.test(param);
}

/** Called somewhere, beside where it is declared. */
function isCalled(text: string, own: string): boolean {
  if (own === '') return false;
  const calls = text.matchAll(new RegExp(`(?<![\\w$.])${own.replaceAll('$', '\\$')}\\s*\\(`, 'g'));
  return [...calls].some(({ index }) => !/function\s*\*?\s*$/.test(text.slice(0, index)));
}
