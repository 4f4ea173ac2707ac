// The house rules that a machine can check. Every message says what to do instead.
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Node, Source } from './source.ts';
import { codeFiles, dotted, lineOf, nodesOf, repositoryFiles, target, textOf } from './source.ts';

const files = repositoryFiles();
const code = codeFiles();
const harness = code.filter(({ path }) => path.startsWith('harness/'));

/** Where one of these stands, time or chance cannot be an argument. */
const ownClock: Record<string, string> = {
  'harness/clock/wall.ts': 'is the wall clock',
  'harness/clock/virtual-timers.ts': 'is the clock: the timers of virtual time',
  'harness/clock/time-globals.ts': 'replaces the globals by virtual ones',
  'harness/clock/timer-promises.ts': 'replaces timers/promises by virtual ones',
  'harness/clock/socket-timeouts.ts': 'replaces the timeouts of sockets by virtual ones',
  'harness/clock/random-globals.ts': 'replaces Math.random and crypto by seeded ones',
  'harness/clock/patches.ts': 'names them where they are replaced',
  'harness/network/loopback.ts': 'serves other processes, in real time',
  'harness/run/pool.ts': 'watches the wall clock over workers that may spin',
  'harness/run/run.ts': 'says when a run started and what it took',
  'harness/commands/drilled.ts': 'names a run by its hour',
  'harness/commands/portability.ts': 'names its folder by its hour',
  'harness/commands/scorecard.ts': 'writes down the day',
  'harness/commands/record.ts': 'dates what it records',
  'harness/commands/serve-recording.ts': 'dates what it records',
  'harness/commands/recordings.ts': 'counts back the days from today',
  'harness/chains/time.ts': 'is code under test: chains live on globals',
  'harness/chains/chance.ts': 'is code under test: chains live on globals',
};

/** Where the process may be spoken to. */
const speaking: Record<string, string> = {
  'harness/main.ts': 'is the process',
  'harness/trial/crashes.ts': 'replaces process.exit, which ends a trial and not the process',
  'harness/run/progress.ts': 'draws on the terminal',
  'harness/run/pool.ts': 'passes on what chains print',
  'harness/run/standard-files.ts': 'leads to its streams what chains write to files 1 and 2',
};

const found = (source: Source, node: Node, what: string): string =>
  `${source.path}:${lineOf(source, node.start)} ${what}`;

/** All nodes of all sources that `look` has something to say about. */
function search(
  sources: Source[],
  look: (node: Node, parent: Node | null) => string | null,
): string[] {
  return sources.flatMap((source) =>
    [...nodesOf(source.program)].flatMap(([node, parent]) => {
      const what = look(node, parent);
      return what === null ? [] : [found(source, node, what)];
    }),
  );
}

describe('size', () => {
  it('keeps every file within 250 lines, and the sentences about one subject within 400', () => {
    const long = code.map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }));
    const over = long
      .filter(({ path, lines }) => lines > (path.startsWith('test/') ? 400 : 250))
      .map(({ path, lines }) => `${path} ${lines}`);
    expect(over, 'move a part that has a name of its own into a file of that name').toEqual([]);
  });

  it('keeps every function within 70 lines, and hand-made data within 100', () => {
    const over = code.flatMap((source) =>
      [...nodesOf(source.program)].flatMap(([node, parent]) => {
        if (!/^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(node.type))
          return [];
        if (source.path.startsWith('test/') && declaresTests(source, node, parent)) return [];
        const lines = source.text.slice(node.start, node.end).split('\n').length;
        const most = source.path.startsWith('test/') ? 100 : 70;
        return lines > most ? [found(source, node, `${lines} lines`)] : [];
      }),
    );
    expect(over, 'give a step of it a name and a function of its own').toEqual([]);
  });

  it('keeps every line within 100 columns, but for a text that cannot be broken', () => {
    const over = code.flatMap((source) => {
      const places = longLines(source);
      const texts = places.length === 0 ? [] : [...nodesOf(source.program)].filter(isText);
      return places
        .filter((place) => !texts.some(([{ start, end }]) => start <= place && place - 100 < end))
        .map((place) => `${source.path}:${lineOf(source, place)}`);
    });
    expect(over, 'break the line; `biome check --write` does it for code').toEqual([]);
  });

  it('has no folder inside a folder of harness/', () => {
    const deep = files.filter((path) => /^harness\/[^/]+\/[^/]+\//.test(path));
    expect(deep, 'two levels are enough: put the file one folder up').toEqual([]);
  });
});

/** Where each line that is too long crosses the 100th column. */
function longLines({ text }: Source): number[] {
  const places: number[] = [];
  let offset = 0;
  for (const line of text.split('\n')) {
    if (line.length > 100) places.push(offset + 100);
    offset += line.length + 1;
  }
  return places;
}

function isText([{ type, start, end }]: [Node, Node | null]): boolean {
  return end - start > 20 && (type === 'Literal' || type === 'TemplateLiteral');
}

/** Suites of tests are lists, not functions. */
function declaresTests(source: Source, node: Node, parent: Node | null): boolean {
  const caller =
    parent?.type === 'CallExpression' ? source.text.slice(parent.start, parent.end) : '';
  if (/^describe/.test(caller)) return true;
  return /^ {2,4}(describe|it|test)(\.\w+)?[(.]/m.test(source.text.slice(node.start, node.end));
}

describe('names', () => {
  it('writes file names in kebab-case', () => {
    const odd = code.filter(
      ({ path }) => !/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)+$/.test(basename(path)),
    );
    const paths = odd.map(({ path }) => path);
    expect(paths, 'name the file after its main export: RateLimit is in rate-limit.ts').toEqual([]);
  });

  it('exports by name only', () => {
    // A chain module is a default export: that is how users write theirs.
    const exempt = (path: string): boolean =>
      path === 'vitest.config.ts' ||
      /-reporter\.ts$|^test\/fixtures\/chains\/|^test\/good\/[^/]+$|^test\/mutants\/chains\/|^tools\/shown\/(?:outside|frameworks)\//.test(
        path,
      );
    const sources = code.filter(({ path }) => !exempt(path));
    const bad = search(sources, ({ type }) => (type === 'ExportDefaultDeclaration' ? type : null));
    expect(bad, 'write `export const name` or `export function name`').toEqual([]);
  });

  it('has no barrels', () => {
    const api = 'harness/api.ts';
    const passing = search(
      code.filter(({ path }) => path !== api),
      ({ type, source }) =>
        /^Export/.test(type) && source ? 'passes on what another file exports' : null,
    );
    expect(passing, 'import from the file that defines it').toEqual([]);
  });
});

describe('habits', () => {
  it('takes time and chance as arguments', () => {
    const names =
      /^(Math\.random|Date\.now|performance\.now|(globalThis\.)?set(Timeout|Interval))$/;
    const uses = search(
      harness.filter(({ path }) => !(path in ownClock)),
      (node, parent) => {
        if (node.type === 'NewExpression' && dotted(node.callee) === 'Date') {
          return (node.arguments as unknown[]).length === 0 ? 'new Date()' : null;
        }
        const name = dotted(node);
        const isKey = parent?.type === 'Property' || parent?.type.startsWith('TS');
        const isMember = parent?.type === 'MemberExpression' && node.type === 'Identifier';
        return name !== null && names.test(name) && !isKey && !isMember ? name : null;
      },
    );
    expect(
      uses,
      'take a clock (harness/clock/clock.ts) or an Rng (harness/rng.ts) as an argument',
    ).toEqual([]);
  });

  it('has a use for every exception', () => {
    const paths = new Set(harness.map(({ path }) => path));
    const gone = Object.keys({ ...ownClock, ...speaking }).filter((path) => !paths.has(path));
    expect(gone, 'take it off the list in this file').toEqual([]);
  });

  it('speaks to the process in main.ts and bin/ only', () => {
    const uses = search(
      harness.filter(({ path }) => !(path in speaking)),
      (node) => {
        const name = node.type === 'MemberExpression' ? dotted(node) : null;
        return name && /^(console\.|process\.(exit|stdout|stderr)$)/.test(name) ? name : null;
      },
    );
    expect(
      uses,
      'return a text or an exit code; commands have context.out and context.err',
    ).toEqual([]);
  });

  it('has no `any`', () => {
    const anys = search(code, ({ type }) => (type === 'TSAnyKeyword' ? 'any' : null));
    expect(anys, 'write `unknown` and look at it, or the type it has').toEqual([]);
  });

  it('leaves nothing to be done', () => {
    // Written in two parts, so that this file may be read too.
    const words = new RegExp(
      `\\b(${['FIX', 'TO'].map((word, i) => word + ['ME', 'DO'][i]).join('|')})\\b`,
    );
    const open = code.filter(({ text }) => words.test(text)).map(({ path }) => path);
    expect(open, 'do it, or write an issue').toEqual([]);
  });
});

describe('documents', () => {
  const documents = files.filter((path) => /\.md$/.test(path) && !path.startsWith('test/'));
  const place = /^(harness|scenarios|fixtures|gateways|test|docs|bin|bench|tools)(\/[\w.*-]+)+\/?$/;

  it('names only files that exist', () => {
    const known = (path: string): boolean => {
      const pattern = path.replace(/\/$/, '').replaceAll('.', '\\.').replaceAll('*', '[^/]*');
      return files.some((file) => new RegExp(`^${pattern}(/|$)`).test(file));
    };
    const gone = documents.flatMap((document) =>
      [...textOf(document).matchAll(/[`(]([^`()\s]+)[`)]/g)]
        .map(([, path = '']) => path)
        .filter((path) => place.test(path) && !known(path))
        .map((path) => `${document} names ${path}`),
    );
    expect(gone, 'name the file that took its place, or drop the sentence').toEqual([]);
  });

  it('follows its links to files that exist', () => {
    const broken = documents.flatMap((document) =>
      [...textOf(document).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)]
        .map(([, to = '']) => target(document, to).replace(/\/$/, ''))
        .filter((to) => !files.some((file) => file === to || file.startsWith(`${to}/`)))
        .map((to) => `${document} links to ${to}`),
    );
    expect(broken, 'link to the file that took its place').toEqual([]);
  });

  it('knows no machine but the one it runs on', () => {
    const telling = [
      new RegExp(`(^|[\\s"'\`(=:])/(${['home', 'root', 'work', 'Users'].join('|')})/\\w`, 'm'),
      new RegExp(`${['regis', 'try'].join('')}\\.[a-z0-9-]+\\.[a-z]{2,}`),
    ];
    const telltale = files
      .filter((path) => !/^(fixtures\/recordings|test\/.*fixtures)\//.test(path))
      .filter((path) => telling.some((pattern) => pattern.test(textOf(path))));
    expect(telltale, 'write a path relative to the repository, and no host of packages').toEqual(
      [],
    );
  });
});
