// What was injected into an attempt, in words.
import type { CutHow, Effect, Keepalive } from '../faults/effect.ts';
import type { Hint, Rejection } from '../faults/rejection.ts';
import type { EffectEvent } from '../history.ts';
import { durationText, positionText } from '../scenario/units.ts';
import { oneLine } from './clean-text.ts';
import { composingText } from './composing-text.ts';

/** E.g. `stall at 20 tokens, for ever (rule 2: stall)`; rules count from 1, as in the file. */
export function injectedText({ effect, fault, rule }: EffectEvent): string {
  const who = rule < 0 ? "the provider's own objection" : `rule ${rule + 1}: ${oneLine(fault)}`;
  return `${isEffect(effect) ? effectText(effect) : oneLine(JSON.stringify(effect))} (${who})`;
}

const kinds: Readonly<Record<Effect['kind'], true>> = {
  reject: true,
  connection: true,
  stall: true,
  cut: true,
  'error-event': true,
  degenerate: true,
  pace: true,
  answer: true,
  quirk: true,
  omit: true,
  'bad-line': true,
  rechunk: true,
  limits: true,
  unread: true,
};

/** A history from another version may hold effects that this one does not know. */
function isEffect(effect: unknown): effect is Effect {
  if (typeof effect !== 'object' || effect === null || !('kind' in effect)) return false;
  return Object.hasOwn(kinds, String(effect.kind));
}

const connections: Readonly<Record<Extract<Effect, { kind: 'connection' }>['how'], string>> = {
  refused: 'connection refused',
  reset: 'connection reset before the headers',
  fin: 'connection closed before the headers',
  dns: 'host name not found',
  tls: 'TLS handshake failed',
};

const cuts: Readonly<Record<Extract<Effect, { kind: 'cut' }>['how'], string>> = {
  reset: 'by a reset',
  fin: 'by closing the connection',
  clean: 'cleanly, as if it were complete',
};

function effectText(effect: Effect): string {
  switch (effect.kind) {
    case 'reject':
      return `reject as ${rejectionText(effect.rejection)}${silenceText(effect.bodySilenceMs)}`;
    case 'connection':
      return connections[effect.how];
    case 'stall': {
      const lasting = effect.forMs === null ? 'for ever' : `for ${durationText(effect.forMs)}`;
      return `stall at ${positionText(effect.at)}, ${lasting}${keepaliveText(effect.keepalive)}${endsText(effect.ends)}`;
    }
    case 'cut':
      return `cut at ${positionText(effect.at)}, ${cuts[effect.how]}`;
    case 'error-event': {
      const form = effect.form === undefined || effect.form === 'own' ? '' : `, as ${effect.form}`;
      const what = rejectionText(effect.rejection);
      return `error inside the 200 at ${positionText(effect.at)}: ${what}${form}`;
    }
    case 'degenerate':
      return `a 200 that is no answer: ${effect.form}`;
    default:
      return composingText(effect);
  }
}

function rejectionText(rejection: Rejection): string {
  const { reason, status, body, code, hint, over, ramp, flaw } = rejection;
  const parts: string[] = [reason];
  if (over !== undefined) parts.push(`${over.asked} ${over.what} wanted`);
  if (ramp) parts.push('the load grows too fast');
  if (flaw !== undefined) parts.push(oneLine('name' in flaw ? `${flaw.is} ${flaw.name}` : flaw.is));
  if (status !== undefined) parts.push(`status ${status}`);
  if (code !== undefined) parts.push(`code ${oneLine(code)}`);
  if (body !== undefined && body !== 'own') parts.push(`body ${body}`);
  return [...parts, ...hintParts(hint)].join(', ');
}

function hintParts(hint: Hint | undefined): string[] {
  if (!hint) return [];
  const parts: string[] = [];
  if (hint.retryAfter !== undefined) parts.push(`retry-after: ${oneLine(hint.retryAfter)}`);
  if (hint.retryAfterMs !== undefined) parts.push(`retry-after-ms: ${oneLine(hint.retryAfterMs)}`);
  if (hint.retryAfterDateMs !== undefined) {
    const ms = hint.retryAfterDateMs;
    const when = ms < 0 ? `${durationText(-ms)} ago` : `${durationText(ms)} later`;
    parts.push(`retry-after: a date ${when}`);
  }
  if (hint.shouldRetry !== undefined) parts.push(`x-should-retry: ${hint.shouldRetry}`);
  return parts;
}

function silenceText(ms: number | null | undefined): string {
  if (ms === undefined || ms === 0) return '';
  return ms === null ? ', its body never ends' : `, its body ${durationText(ms)} late`;
}

function endsText(ends: CutHow | undefined): string {
  return ends === undefined ? '' : `, then cut ${cuts[ends]}`;
}

function keepaliveText(keepalive: Keepalive | undefined): string {
  if (!keepalive) return '';
  return `, with a ${keepalive.form} every ${durationText(keepalive.everyMs)}`;
}
