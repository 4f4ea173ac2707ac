// Events of the reference chain as spans of OpenTelemetry, with the attributes of its conventions
// for generative AI: one span for each call, and in it one for every attempt. A span that another
// target's failure led to says so (`firedrill.fallback.*`); all else that happens is an event of
// the call's span. Which SDK takes them, if any, is the application's business.
// @see https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans/
import type { Attributes, Context, Span, Tracer } from '@opentelemetry/api';
import { InputError } from '../errors.ts';
import type { ChainEvent, OnEvent } from './chain-event.ts';
import type { Usage } from './target.ts';

/** What of the API is used, so that a test can give its own tracer. */
export interface Otel {
  tracer: Tracer;
  /** A context with that span in it. */
  inside(span: Span): Context;
}

/** Values of the API's enums, which are fixed by its specification. */
const internal = 0;
const client = 2;
const isError = 2;

interface OpenCall {
  span: Span;
  attempt: Span | null;
  fallback: Attributes;
}

/** A hook for one chain; `name` is its name. */
export function spansOf(name: string, { tracer, inside }: Otel): OnEvent {
  const calls = new Map<number, OpenCall>();
  return (event) => {
    const { kind, call, at } = event;
    if (kind === 'call') {
      const attributes = { 'gen_ai.operation.name': 'chat', 'firedrill.chain': name };
      const given = { kind: internal, startTime: at, attributes };
      calls.set(call, {
        span: tracer.startSpan(`chain ${name}`, given),
        attempt: null,
        fallback: {},
      });
      return;
    }
    const open = calls.get(call);
    if (!open) return;
    if (kind === 'attempt') {
      const given = { kind: client, startTime: at, attributes: asked(event, open.fallback) };
      const title = `chat ${modelOf(event.to)}`;
      open.attempt = tracer.startSpan(title, given, inside(open.span));
      open.fallback = {};
    } else if (kind === 'ended') {
      endAttempt(open, event);
    } else if (kind === 'fallback') {
      const { from, reason } = event;
      open.fallback = {
        'firedrill.fallback.from': from ?? '',
        'firedrill.fallback.reason': reason ?? '',
      };
      open.span.addEvent(kind, detailsOf(event), at);
    } else if (isLast(kind)) {
      endCall(open, event);
      calls.delete(call);
    } else open.span.addEvent(kind, detailsOf(event), at);
  };
}

function isLast(kind: ChainEvent['kind']): boolean {
  return kind === 'answered' || kind === 'hit' || kind === 'degrade' || kind === 'failed';
}

function endAttempt(open: OpenCall, { at, to, reason, failed, usage }: ChainEvent): void {
  const { attempt } = open;
  if (!attempt) return;
  open.attempt = null;
  attempt.setAttributes({
    ...(failed ? { 'error.type': reason ?? 'error' } : { 'gen_ai.response.model': modelOf(to) }),
    ...tokensOf(usage),
  });
  if (failed) attempt.setStatus({ code: isError });
  attempt.end(at);
}

function endCall({ span }: OpenCall, event: ChainEvent): void {
  const { kind, at, to, reason, usage } = event;
  if (kind === 'hit' || kind === 'degrade') span.addEvent(kind, detailsOf(event), at);
  else if (kind === 'failed') {
    span.setAttributes({ 'error.type': reason ?? 'error' });
    span.setStatus({ code: isError });
  } else span.setAttributes({ 'gen_ai.response.model': modelOf(to), ...tokensOf(usage) });
  span.end(at);
}

function asked({ to }: ChainEvent, fallback: Attributes): Attributes {
  return {
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': to?.slice(0, to.indexOf('/')) ?? '',
    'gen_ai.request.model': modelOf(to),
    ...fallback,
  };
}

/** `openai/gpt-4o #2` is the second target of a chain that is called so. */
function modelOf(label: string | null): string {
  return label?.slice(label.indexOf('/') + 1).replace(/ #\d+$/, '') ?? '';
}

function tokensOf(usage: Usage | undefined): Attributes {
  if (!usage) return {};
  return {
    'gen_ai.usage.input_tokens': usage.input,
    'gen_ai.usage.output_tokens': usage.output,
  };
}

function detailsOf({ from, to, reason, waitMs, ageMs, similarity }: ChainEvent): Attributes {
  const all = { from, to, reason, wait_ms: waitMs, age_ms: ageMs, similarity };
  const known = Object.entries(all).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(known.map(([key, value]) => [`firedrill.${key}`, value ?? undefined]));
}

/** The application's own OpenTelemetry. Throws InputError where it has none. */
export async function otelHook(name: string): Promise<OnEvent> {
  let api: typeof import('@opentelemetry/api');
  try {
    api = await import('@opentelemetry/api');
  } catch {
    throw new InputError('events: otel needs @opentelemetry/api: npm i @opentelemetry/api');
  }
  const { trace, context } = api;
  const inside = (span: Span): Context => trace.setSpan(context.active(), span);
  return spansOf(name, { tracer: trace.getTracer('firedrill'), inside });
}
