import type { Call } from '../desk.ts';
import { Desk, opened } from '../desk.ts';
import type { Mutant } from '../mutant.ts';
import type { Part, Target } from '../providers.ts';
import { openAiBody } from '../providers.ts';

export const mutant: Mutant = {
  breaks: 'I28',
  on: 'corpus/multibyte-character-split',
  mistake: 'Each read is made text by itself, so that a letter in two reads is two wrong ones.',
};
export const targets = ['openai/gpt-4o', 'anthropic/claude-3-5-sonnet-latest'];

class Homemade extends Desk {
  override parts(target: Target, call: Call, signal: AbortSignal): AsyncGenerator<Part> {
    if (target.provider === 'anthropic') return super.parts(target, call, signal);
    return read(JSON.stringify(openAiBody(target, call.question)), signal);
  }
}

async function* read(body: string, signal: AbortSignal): AsyncGenerator<Part> {
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
  let rest = '';
  for await (const bytes of response.body) {
    rest += new TextDecoder().decode(bytes);
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield* partsIn(line);
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

export default opened(Homemade);
