import { type Attributes, ROOT_CONTEXT, type Span, type Tracer } from '@opentelemetry/api';
import { describe, expect, it } from 'vitest';
import { spansOf } from '../../harness/chains/otel-hook.ts';
import { anthropic, ask, chainOf, fakeProviders, inFakeTime, openai } from './fake-providers.ts';
import { chatStream, claudeStream, rejected } from './wire-events.ts';

const yaml = `
targets: [openai/gpt-4o, anthropic/claude-3-5-sonnet-latest]
retry: { max: 1 }
cache: { exact: true }
degrade: Later.
`;

inFakeTime();

interface Seen {
  name: string;
  kind: number | undefined;
  attributes: Attributes;
  events: string[];
  failed: boolean;
  parent: Seen | null;
  endedAt: number | null;
  startedAt: number;
}

/** A tracer that keeps its spans, and contexts that know whose they are. */
function recorder() {
  const spans: Seen[] = [];
  const known = new Map<Span, Seen>();
  const parents = new Map<object, Seen | null>();
  const startSpan: Tracer['startSpan'] = (name, options = {}, context) => {
    const seen: Seen = {
      name,
      kind: options.kind,
      attributes: { ...options.attributes },
      events: [],
      failed: false,
      parent: parents.get(context ?? {}) ?? null,
      startedAt: Number(options.startTime),
      endedAt: null,
    };
    const span = {
      setAttributes: (more: Attributes) => Object.assign(seen.attributes, more),
      setStatus: () => {
        seen.failed = true;
      },
      addEvent: (event: string) => seen.events.push(event),
      end: (at: number) => {
        if (seen.endedAt !== null) throw new Error('a span was ended twice');
        seen.endedAt = at;
      },
    } as unknown as Span;
    spans.push(seen);
    known.set(span, seen);
    return span;
  };
  const inside = (span: Span) => {
    const context = Object.create(ROOT_CONTEXT);
    parents.set(context, known.get(span) ?? null);
    return context;
  };
  return { spans, otel: { tracer: { startSpan } as Tracer, inside } };
}

describe('spans of OpenTelemetry', () => {
  it('are one for a call and one in it for each attempt, with what the conventions ask', async () => {
    fakeProviders({ [openai]: [rejected(503)], [anthropic]: [claudeStream('Par', 'is.')] });
    const { spans, otel } = recorder();
    await ask(chainOf(yaml, undefined, spansOf('desk', otel)));
    const [call, first, again, fallback] = spans;
    expect(spans.map(({ name }) => name)).toEqual([
      'chain desk',
      'chat gpt-4o',
      'chat gpt-4o',
      'chat claude-3-5-sonnet-latest',
    ]);
    expect(spans.map(({ parent }) => parent)).toEqual([null, call, call, call]);
    expect(first).toMatchObject({
      kind: 2,
      failed: true,
      attributes: {
        'gen_ai.operation.name': 'chat',
        'gen_ai.provider.name': 'openai',
        'gen_ai.request.model': 'gpt-4o',
        'error.type': '503',
      },
    });
    expect(again?.attributes).not.toHaveProperty('firedrill.fallback.from');
    expect(fallback).toMatchObject({
      failed: false,
      attributes: {
        'gen_ai.provider.name': 'anthropic',
        'gen_ai.request.model': 'claude-3-5-sonnet-latest',
        'gen_ai.response.model': 'claude-3-5-sonnet-latest',
        'firedrill.fallback.from': 'openai/gpt-4o',
        'firedrill.fallback.reason': '503',
      },
    });
    expect(call?.events).toEqual(['retry', 'fallback']);
    expect(call?.attributes['gen_ai.response.model']).toBe('claude-3-5-sonnet-latest');
  });

  it('end once each, in the order of time', async () => {
    fakeProviders({ [openai]: [rejected(503)], [anthropic]: [rejected(529)] });
    const { spans, otel } = recorder();
    const chain = chainOf(yaml, undefined, spansOf('desk', otel));
    await ask(chain);
    for (const { startedAt, endedAt } of spans) {
      expect(endedAt).not.toBeNull();
      expect(endedAt ?? 0).toBeGreaterThanOrEqual(startedAt);
    }
    expect(spans[0]).toMatchObject({ events: ['retry', 'fallback', 'retry', 'degrade'] });
  });

  it('tell of a cache, and of a caller who leaves', async () => {
    fakeProviders({ [openai]: [chatStream('Paris.'), { headersAfter: 'never' }] });
    const { spans, otel } = recorder();
    const hook = spansOf('desk', otel);
    const chain = chainOf(yaml, undefined, hook);
    await ask(chain);
    await ask(chain);
    expect(spans.at(-1)).toMatchObject({ name: 'chain desk', events: ['hit'], failed: false });
    const caller = new AbortController();
    setTimeout(() => caller.abort(new Error('gone')), 10);
    await ask(chainOf(yaml, undefined, hook), { signal: caller.signal });
    expect(spans.at(-1)).toMatchObject({ attributes: { 'error.type': 'the caller left' } });
    expect(spans.every(({ endedAt }) => endedAt !== null)).toBe(true);
  });

  it('do no harm where a hook throws', async () => {
    fakeProviders({ [openai]: [chatStream('Paris.')] });
    const told = await ask(
      chainOf(yaml, undefined, () => {
        throw new Error('no collector');
      }),
    );
    expect(told.text).toBe('Paris.');
  });
});
