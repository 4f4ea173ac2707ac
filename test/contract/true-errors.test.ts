// Every error that our wires render looks as the real one of its kind does, headers and body, as
// far as others recorded one. What may differ is listed, with the reason why.
import { beforeAll, expect, it } from 'vitest';
import { describeData } from '../data.ts';
import type { Look, RealError } from './recorded-errors.ts';
import {
  differences,
  kinds,
  ourLook,
  realErrors,
  realLook,
  standInFor,
} from './recorded-errors.ts';

/** Headers that are not the provider's own: of the connection, or of what stands before its API. */
const ignored: Readonly<Record<string, string>> = {
  connection: 'of the connection',
  'content-length': 'of the transport, which counts what it sends',
  'content-encoding': 'of the transport; recorders keep it beside a body that is decoded',
  'transfer-encoding': 'of the transport',
  date: 'of every response; some recorders leave it out so that files stay the same',
  server: 'of the CDN: it names itself',
  'cf-ray': 'of the CDN',
  'cf-cache-status': 'of the CDN',
  'alt-svc': 'of the CDN: it offers HTTP/3',
  'set-cookie': 'of the CDN: it tells robots from people',
  via: 'of a proxy: it names itself',
  vary: 'of the CDN, for caches',
  'strict-transport-security': 'of the CDN, for browsers',
  'content-security-policy': 'of the CDN, for browsers',
  'x-content-type-options': 'of the CDN, for browsers',
  'x-robots-tag': 'of the CDN, for search engines',
  'access-control-expose-headers': 'of the edge, for scripts in browsers',
  'x-envoy-upstream-service-time': 'of a proxy: how long it waited',
  'x-envoy-decorator-operation': 'of a proxy: which of its routes was taken',
  'x-cloud-trace-context': 'of a load balancer, for its own traces',
  traceresponse: 'of a proxy, for its own traces',
  'x-openai-proxy-wasm': 'of a proxy: its version',
};

interface Accepted {
  /** As `differences` tells it. */
  what: RegExp;
  where: (real: RealError) => boolean;
  why: string;
}

const before = (date: string) => (real: RealError) => Date.parse(real.date) < Date.parse(date);
const of = (repo: string) => (real: RealError) => real.repo === repo;

const accepted: Accepted[] = [
  {
    what: /^ours: header anthropic-workspace-id$/,
    where: before('2026-06-01'),
    why: 'the workspace is named since 2026; the SDK tells it as error.workspaceID',
  },
  {
    what: /^ours: header anthropic-organization-id$/,
    where: before('2025-01-01'),
    why: 'the organisation was not named in 2024',
  },
  {
    what: /^ours: header anthropic-ratelimit-(input|output)-tokens-(limit|remaining|reset)$/,
    where: before('2025-01-01'),
    why: 'in 2024 there was one limit for tokens of both kinds',
  },
  {
    what: /^theirs: header cache-control$/,
    where: before('2025-01-01'),
    why: 'one overload of 2024 has it, and no error since',
  },
  {
    what: /^ours: body request_id$/,
    where: before('2025-09-01'),
    why: 'bodies carry the id since about September 2025; before, only the header did',
  },
  {
    what: /^ours: header anthropic-organization-id$/,
    where: (real) =>
      of('open-telemetry/opentelemetry-python-contrib')(real) &&
      real.kind === 'error_404_model_not_found',
    why: 'the same error, recorded three weeks earlier by others, names the organisation',
  },
  {
    what: /^theirs: header openai-organization$/,
    where: of('open-telemetry/opentelemetry-python-contrib'),
    why: 'this recorder writes a placeholder of its own into the header, be it there or not',
  },
  {
    what: /^ours: header (x-request-id|x-ratelimit-.+)$/,
    where: of('pydantic/pydantic-ai'),
    why: 'this recorder leaves out ids of requests and limits',
  },
  {
    what: /^ours: header openai-(organization|project)$/,
    where: of('pydantic/pydantic-ai'),
    why: 'this recorder left out the account at times; the same errors of others have it',
  },
];

describeData('rendered errors', (dir) => {
  let compared: Compared[] = [];
  beforeAll(() => {
    compared = realErrors(dir).map(compare);
  });

  it('have a real one to look like: 50, of three wires', () => {
    expect(compared).toHaveLength(50);
    const byWire = Map.groupBy(compared, ({ real }) => real.wire.name);
    const counts = [...byWire].map(([name, own]) => `${name} ${own.length}`);
    expect(counts.toSorted()).toEqual([
      'anthropic-messages 21',
      'openai-chat 12',
      'openai-responses 17',
    ]);
    expect(new Set(compared.map(({ real }) => real.kind))).toEqual(new Set(kinds));
  });

  it('differ from it only where that is accepted', () => {
    const unlike = compared.flatMap(({ real, found }) =>
      found
        .filter((what) => !accepted.some((one) => one.what.test(what) && one.where(real)))
        .map((what) => `${real.name}: ${what}`),
    );
    expect(unlike).toEqual([]);
  });

  it('differ in every way that is accepted, and every ignored header was recorded', () => {
    const idle = accepted.filter(
      ({ what, where }) =>
        !compared.some(({ real, found }) => where(real) && found.some((one) => what.test(one))),
    );
    expect(idle).toEqual([]);
    const recorded = new Set(compared.flatMap(({ theirs }) => [...theirs.headers.keys()]));
    expect(Object.keys(ignored).filter((name) => !recorded.has(name))).toEqual([]);
  });

  it('would be found out by any header or member that is one too few or of another kind', () => {
    for (const { theirs, ours, found } of compared) {
      for (const name of [...ours.headers.keys()].filter((one) => !isIgnored(one))) {
        const headers = new Map(ours.headers);
        headers.delete(name);
        expect(differences(theirs, { ...ours, headers }, isIgnored)).not.toEqual(found);
      }
      for (const path of ours.shape.keys()) {
        const shape = new Map(ours.shape);
        shape.delete(path);
        expect(differences(theirs, { ...ours, shape }, isIgnored)).not.toEqual(found);
        shape.set(path, 'list');
        if (!found.includes(`ours: body ${path}`)) {
          expect(differences(theirs, { ...ours, shape }, isIgnored)).not.toEqual(found);
        }
      }
    }
  });
});

interface Compared {
  real: RealError;
  theirs: Look;
  ours: Look;
  found: string[];
}

function compare(real: RealError): Compared {
  const [theirs, ours] = [realLook(real), ourLook(real, standInFor(real))];
  return { real, theirs, ours, found: differences(theirs, ours, isIgnored) };
}

function isIgnored(name: string): boolean {
  return Object.hasOwn(ignored, name);
}
