// What a provider turned down in a request, by what was injected or objected: a member that it does
// not take, or a form of the conversation that it cannot read.
import type { AttemptRecord } from '../outcome/call-record.ts';
import { effectMember } from '../outcome/effect-member.ts';
import { failureOf } from './failure-kind.ts';

export interface FlawSeen {
  /**
   * parameters: members that tell how to answer; parts: pictures, tools, a schema, a beginning to
   * go on from; history: what earlier turns left; context: more than fits.
   */
  of: 'parameters' | 'parts' | 'history' | 'context';
  /** In words, to stand behind "the request brought". */
  what: string;
  /** Tokens that were asked for, where it is about their number. */
  size: number | null;
}

export function flawsOf({ effects, reply }: AttemptRecord): FlawSeen[] {
  if ((reply?.status ?? 0) < 400) return [];
  return effects.flatMap(({ rule, effect }) => {
    const rejection = effectMember(effect, 'rejection');
    const flaw = effectMember(rejection, 'flaw');
    if (flaw !== undefined) return flawSeen(flaw);
    return rule === -1 ? objection(rejection) : [];
  });
}

/** The same target was asked again in this call, and did not turn that down. */
export function adapted(attempt: AttemptRecord, attempts: readonly AttemptRecord[]): boolean {
  return attempts.some(
    (later) =>
      later.start.t > attempt.start.t &&
      later.target === attempt.target &&
      later.start.body !== attempt.start.body &&
      failureOf(later) !== 'request',
  );
}

function flawSeen(flaw: unknown): FlawSeen[] {
  const is = effectMember(flaw, 'is');
  const name = String(effectMember(flaw, 'name'));
  const asked = Number(effectMember(flaw, 'asked') ?? 0);
  const limit = Number(effectMember(flaw, 'limit') ?? 0);
  switch (is) {
    case 'unsupported-parameter':
      return [{ of: 'parameters', what: `the parameter ${name}`, size: null }];
    case 'missing-parameter':
      return [{ of: 'parameters', what: `no parameter ${name}`, size: null }];
    case 'output': {
      const what = `a limit of ${asked} output tokens, and ${limit} is the most`;
      return [{ of: 'parameters', what, size: asked }];
    }
    case 'context': {
      const input = Number(effectMember(flaw, 'input') ?? 0);
      const size = input + Number(effectMember(flaw, 'output') ?? 0);
      return [{ of: 'context', what: `${size} tokens for a context of ${limit}`, size }];
    }
    default:
      return typeof is === 'string' && Object.hasOwn(parts, is) ? [parts[is] as FlawSeen] : [];
  }
}

const part = (what: string): FlawSeen => ({ of: 'parts', what, size: null });
const past = (what: string): FlawSeen => ({ of: 'history', what, size: null });

const parts: Readonly<Record<string, FlawSeen>> = {
  prefill: part('the beginning of an answer to go on from'),
  images: part('images'),
  schema: part('a JSON Schema'),
  tools: part('tools'),
  'foreign-ids': past('ids of tool calls that another provider made'),
  'foreign-signatures': past('reasoning that another provider signed'),
  'missing-signatures': past('tool calls without the signature that they need'),
  'long-id': past('the id of a tool call that is too long'),
};

/** What a provider says by itself, without any rule. */
function objection(rejection: unknown): FlawSeen[] {
  if (effectMember(rejection, 'reason') !== 'invalid-request') return [];
  const said = String(effectMember(rejection, 'message') ?? '');
  if (/prefill/.test(said)) return [part('the beginning of an answer to go on from')];
  if (/^messages|^'?\$?\.?input|'messages'|'input'/.test(said)) {
    return [past(`a conversation that it does not take ("${said}")`)];
  }
  return [{ of: 'parameters', what: `what it objects to ("${said}")`, size: null }];
}
