// A desk that reads OpenAI's streams by itself, as people do who want no SDK. How the reads of the
// network become lines is the mutant's.
import type { Call } from './desk.ts';
import { Desk } from './desk.ts';
import type { Part, Target } from './providers.ts';
import { openAiBody } from './providers.ts';

export abstract class Homemade extends Desk {
  /** The lines of a stream. */
  abstract linesOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<string>;

  override parts(target: Target, call: Call, signal: AbortSignal): AsyncGenerator<Part> {
    if (target.provider === 'anthropic') return super.parts(target, call, signal);
    return this.#read(JSON.stringify(openAiBody(target, call.question)), signal);
  }

  async *#read(body: string, signal: AbortSignal): AsyncGenerator<Part> {
    const response = await fetch('https://api.openai.com/v1/chat/completions', {
      method: 'POST',
      headers: {
        authorization: `Bearer ${process.env.OPENAI_API_KEY}`,
        'content-type': 'application/json',
      },
      body,
      signal,
    });
    if (!response.ok || !response.body) {
      const { status, headers } = response;
      throw Object.assign(new Error(await response.text()), { status, headers });
    }
    for await (const line of this.linesOf(response.body)) yield* partsIn(line);
  }
}

function* partsIn(line: string): Generator<Part> {
  if (line === 'data: [DONE]') yield { end: 'stop' };
  if (!line.startsWith('data: {')) return;
  try {
    const [choice] = JSON.parse(line.slice('data: '.length)).choices;
    if (choice?.delta.content) yield { text: choice.delta.content };
  } catch {
    // Not an event: left out.
  }
}
