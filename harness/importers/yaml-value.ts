// A place in a YAML file: reads it without ever building the objects that its tags ask for, and
// knows its line. The cassette importers walk these instead of plain objects because a recorder's
// string must stay what it wrote (`1e10`, `yes`, `0123` are ids there), which needs the source,
// and because a key such as `__proto__` must be a key and nothing else.
import type { Alias, Node, ParsedNode } from 'yaml';
import { isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, visit } from 'yaml';
import { InputError, messageOf } from '../errors.ts';
import { fromBase64, utf8 } from './body-bytes.ts';

interface Source {
  file: string;
  lines: LineCounter;
  targets: Map<Alias, Node>;
  aliasesFollowed: number;
}

/** A recorder repeats a header list or two; more is a file that unfolds to gigabytes. */
const ALIASES_MAX = 100_000;

const BINARY_TAGS = new Set([
  'tag:yaml.org,2002:binary',
  '!binary',
  'tag:yaml.org,2002:python/bytes',
]);
/** PyYAML's way to say "call this with these arguments"; we take the argument and call nothing. */
const PYTHON_CALL = /^tag:yaml\.org,2002:python\/object(\/(apply|new))?:/;

export class YamlValue {
  readonly path: string;
  readonly #node: Node;
  readonly #source: Source;

  private constructor(source: Source, node: Node, path: string) {
    this.#source = source;
    this.path = path;
    this.#node = resolve(source, node, 0);
  }

  /** The root of the only document in the text. Throws InputError with the line of the mistake. */
  static parse(file: string, text: string): YamlValue {
    const lines = new LineCounter();
    try {
      const document = parseDocument(text, {
        schema: 'failsafe',
        resolveKnownTags: false,
        uniqueKeys: false,
        prettyErrors: false,
        strict: true,
        logLevel: 'error',
        lineCounter: lines,
      });
      const first = document.errors[0];
      if (first) throw new InputError(`is not valid YAML: ${first.message}`, at(first.pos[0]));
      if (!document.contents) throw new InputError('is empty', { file });
      const targets = aliasTargets(document.contents);
      return new YamlValue({ file, lines, targets, aliasesFollowed: 0 }, document.contents, '');
    } catch (error) {
      // The parser itself gives up on nesting of some thousand levels (stack) and on odd escapes.
      if (error instanceof InputError) throw error;
      throw new InputError(`cannot be read as YAML: ${messageOf(error)}`, { file });
    }

    function at(offset: number) {
      return { file, line: lines.linePos(offset).line };
    }
  }

  get kind(): 'map' | 'list' | 'scalar' {
    if (isMap(this.#node)) return 'map';
    return isSeq(this.#node) ? 'list' : 'scalar';
  }

  /** The last part of the tag if it is one of YAML's own (`str`, `float`, `binary` ...). */
  get tag(): string | null {
    return /^tag:yaml\.org,2002:(\w+)$/.exec(this.#node.tag ?? '')?.[1] ?? null;
  }

  /** Whether this is a scalar without quotes, whose looks decide on its type. */
  get isPlain(): boolean {
    return isScalar(this.#node) && (this.#node.type ?? 'PLAIN') === 'PLAIN';
  }

  get isNull(): boolean {
    if (!this.isPlain || this.tag === 'str') return false;
    return /^(?:|~|null|Null|NULL)$/.test(this.#scalar());
  }

  /** Whether a map has the key, even with the value null. */
  has(key: string): boolean {
    return this.entries().some(([name]) => name === key);
  }

  /** The value of a key; null where the key is missing or its value is null. */
  find(key: string): YamlValue | null {
    const found = this.entries().filter(([name]) => name === key);
    if (found.length > 1) throw this.fail(`has the key "${key}" ${found.length} times`);
    const value = found[0]?.[1];
    return value && !value.isNull ? value : null;
  }

  /** The value of a key that must be there and must not be null. */
  get(key: string): YamlValue {
    const value = this.find(key);
    if (!value) throw this.fail(`has no "${key}"`);
    return value;
  }

  /** The pairs of a map in order; a key may repeat. */
  entries(): [key: string, value: YamlValue][] {
    const node = this.#node;
    if (!isMap(node)) throw this.fail(`must be a map, not a ${this.kind}`);
    return node.items.map((pair) => {
      const key = isNode(pair.key) ? this.#child(pair.key, '(key)').text() : String(pair.key);
      return [key, this.#child(pair.value, this.path === '' ? key : `.${key}`)];
    });
  }

  /** The items of a list. */
  items(): YamlValue[] {
    const node = this.#node;
    if (!isSeq(node)) throw this.fail(`must be a list, not a ${this.kind}`);
    return node.items.map((item, index) => this.#child(item, `[${index}]`));
  }

  /** A scalar as the text that was written; binary is read as UTF-8. */
  text(): string {
    return this.isBinary ? utf8(this.bytes()) : this.#scalar();
  }

  /** A scalar as bytes: what base64 stands for where it is tagged as binary, else UTF-8. */
  bytes(): Uint8Array {
    if (!this.isBinary) return new TextEncoder().encode(this.#scalar());
    const bytes = fromBase64(this.#scalar());
    if (!bytes) throw this.fail('is tagged as binary but is not base64');
    return bytes;
  }

  /** The error for a mistake at this place. */
  fail(message: string): InputError {
    return errorAt(this.#source, this.#node, `${this.path || 'the file'} ${message}`);
  }

  /** Whether the scalar is base64 by its tag. */
  get isBinary(): boolean {
    return BINARY_TAGS.has(this.#node.tag ?? '');
  }

  #scalar(): string {
    if (!isScalar(this.#node)) throw this.fail(`must be text, not a ${this.kind}`);
    return String(this.#node.value ?? '');
  }

  #child(node: unknown, step: string): YamlValue {
    if (!isNode(node)) throw this.fail(`has no value at ${step}`);
    return new YamlValue(this.#source, node, this.path + step);
  }
}

/** Follows aliases, and Python object tags to their first argument. */
function resolve(source: Source, node: Node, depth: number): Node {
  const next = isAlias(node) ? source.targets.get(node) : firstArgument(node);
  if (next === null) return node;
  if (next === undefined || depth > 20) {
    const what = isAlias(node) ? `the alias *${node.source}` : `the tag ${node.tag}`;
    throw errorAt(source, node, `${what} stands for nothing`);
  }
  if (isAlias(node) && ++source.aliasesFollowed > ALIASES_MAX) {
    throw errorAt(source, node, `aliases unfold to more than ${ALIASES_MAX} places`);
  }
  return resolve(source, next, depth + 1);
}

function firstArgument(node: Node): Node | null | undefined {
  if (!PYTHON_CALL.test(node.tag ?? '')) return null;
  if (isSeq(node)) return nodeOrNone(node.items[0]);
  if (!isMap(node)) return null;
  // `object/new` of a stream keeps its bytes as the first item of `state`.
  const held = nodeOrNone(node.get('args', true)) ?? nodeOrNone(node.get('state', true));
  return isSeq(held) ? nodeOrNone(held.items[0]) : held;
}

function errorAt({ file, lines }: Source, { range }: Node, message: string): InputError {
  return new InputError(message, range ? { file, line: lines.linePos(range[0]).line } : { file });
}

function nodeOrNone(value: unknown): Node | undefined {
  return isNode(value) ? value : undefined;
}

/** An alias means the last anchor of that name before it. */
function aliasTargets(root: ParsedNode): Map<Alias, Node> {
  const anchors = new Map<string, Node>();
  const targets = new Map<Alias, Node>();
  visit(root, {
    Value: (_, node) => {
      if (node.anchor) anchors.set(node.anchor, node);
    },
    Alias: (_, alias) => {
      const target = anchors.get(alias.source);
      if (target) targets.set(alias, target);
    },
  });
  return targets;
}
