// Many clients of a server at once, each streaming one answer after the other, and what its history
// has of them. Every question has a body of its own, so that its requests are known again.
import { setTimeout as after } from 'node:timers/promises';
import type { HistoryEvent } from '../../harness/history.ts';
import { callHeader } from '../../harness/realtime/lanes.ts';
import { mix } from '../../harness/rng.ts';

export interface LoadOptions {
  /** Of an OpenAI-compatible API, with its version. */
  base: string;
  key: string;
  /** Clients at once. */
  streams: number;
  /** No new question is asked after so long. */
  forMs: number;
  /** The words of a client's n-th question. */
  words(client: number, n: number): string;
  /** Whether requests say which call they are of. */
  named?: boolean;
}

export interface LoadSeen {
  /** Requests by question, which is known by the hash of its body. */
  requests: Map<string, number>;
  /** Requests whose headers came. */
  headers: number;
  answered: number;
}

/** Asks every question until it is answered whole. */
export async function load(options: LoadOptions): Promise<LoadSeen> {
  const seen: LoadSeen = { requests: new Map(), headers: 0, answered: 0 };
  const until = performance.now() + options.forMs;
  let questions = 0;
  const client = async (_: unknown, index: number): Promise<void> => {
    for (let n = 0; performance.now() < until; n++) {
      const content = options.words(index, n);
      // Distinguishes its requests, and is no part of its words.
      const number = ++questions;
      const messages = [{ role: 'user', content }];
      const body = JSON.stringify({ model: 'gpt-4o', stream: true, seed: number, messages });
      const name = options.named ? `question-${number}` : null;
      while (!(await asked(options, body, name, seen))) await after(50);
      seen.answered++;
    }
  };
  await Promise.all(Array.from({ length: options.streams }, client));
  return seen;
}

async function asked(
  { base, key }: LoadOptions,
  body: string,
  name: string | null,
  seen: LoadSeen,
): Promise<boolean> {
  const question = mix(0, body).toString(36);
  seen.requests.set(question, (seen.requests.get(question) ?? 0) + 1);
  try {
    const response = await fetch(`${base}/chat/completions`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${key}`,
        ...(name === null ? {} : { [callHeader]: name }),
      },
      body,
    });
    seen.headers++;
    const text = await response.text();
    return text.includes('data: [DONE]');
  } catch {
    return false;
  }
}

export interface Kept {
  attempts: number;
  /** Of which one reply and one end are there, or an end before any headers. */
  whole: number;
  /** Questions whose requests are not those of the client, in number. */
  miscounted: number;
  replies: number;
  /** Attempts that belong to a call which their own question began. */
  attributed: number;
  calls: number;
}

/** What a trial's history has of a load. */
export function keptOf(events: Iterable<HistoryEvent>, { requests }: LoadSeen): Kept {
  const byQuestion = new Map<string, number>();
  /** The question that began it. */
  const calls = new Map<number, string>();
  const open = new Map<number, { replies: number; ends: number; how: string }>();
  let attributed = 0;
  for (const event of events) {
    if (event.e === 'attempt') {
      byQuestion.set(event.body, (byQuestion.get(event.body) ?? 0) + 1);
      open.set(event.attempt, { replies: 0, ends: 0, how: '' });
      if (event.call === null) continue;
      if (!calls.has(event.call)) calls.set(event.call, event.body);
      if (calls.get(event.call) === event.body) attributed++;
    } else if (event.e === 'reply' || event.e === 'end') {
      const attempt = open.get(event.attempt);
      if (!attempt) continue;
      if (event.e === 'reply') attempt.replies++;
      else {
        attempt.ends++;
        attempt.how = event.how;
      }
    }
  }
  const all = [...open.values()];
  const questions = new Set([...requests.keys(), ...byQuestion.keys()]);
  return {
    attempts: all.length,
    whole: all.filter(({ replies, ends, how }) => {
      const isBroken = ['reset', 'fin'].includes(how);
      return ends === 1 && (replies === 1 || (replies === 0 && isBroken));
    }).length,
    miscounted: [...questions].filter((one) => requests.get(one) !== byQuestion.get(one)).length,
    replies: all.reduce((sum, { replies }) => sum + replies, 0),
    attributed,
    calls: calls.size,
  };
}

/** Whether nothing of it is lost, and nothing there twice. */
export function isWhole(kept: Kept, { requests, headers }: LoadSeen): boolean {
  const sent = [...requests.values()].reduce((sum, one) => sum + one, 0);
  const { attempts, whole, miscounted, replies } = kept;
  return attempts === sent && whole === attempts && miscounted === 0 && replies >= headers;
}

/** A provider that fails in all the ways that a connection shows. */
export const rough = `name: rough
description: a provider that fails now and then in every way
workload: support-desk
arrival: { each: once }
faults:
  - { inject: disconnect, how: reset, chance: 5% }
  - { inject: disconnect, how: fin, at: 50%, chance: 5% }
  - { inject: rate-limit, retryAfter: 1s, chance: 5% }
  - { inject: server-error, status: 503, chance: 5% }
  - { inject: truncate, at: 50%, chance: 5% }
`;
