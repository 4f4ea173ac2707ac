// Gemini's own API as the last hop of a session: plain fetch, one body. A call that another model
// has made has no signature of Gemini's; the value that stands for none is Google's own.
// @see https://ai.google.dev/gemini-api/docs/thought-signatures
import type { Part, Target, TargetRequest } from '../../../harness/chains/target.ts';
import { turnsOf } from '../../../harness/chains/target.ts';
import type { ToolTurn } from '../../../harness/chains/tool-call.ts';
import { argumentsOf } from '../../../harness/chains/tool-call.ts';

const model = 'gemini-2.0-flash';
const url = `https://generativelanguage.googleapis.com/v1beta/models/${model}:generateContent`;

export function geminiSessionTarget(signs: boolean): Target {
  const { fetch } = globalThis;
  const key = process.env.GEMINI_API_KEY ?? '';
  return {
    name: `google/${model}`,
    credential: key,
    async *ask(request, signal): AsyncGenerator<Part> {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-goog-api-key': key },
        body: JSON.stringify(bodyOf(request, signs)),
        signal,
      });
      yield { kind: 'headers' };
      const answer = await response.json();
      if (!response.ok) {
        const message = `${response.status} ${answer.error?.status}`;
        throw Object.assign(new Error(message), { status: response.status });
      }
      const [candidate] = answer.candidates ?? [];
      const parts: { text?: string }[] = candidate?.content?.parts ?? [];
      yield { kind: 'text', text: parts.map(({ text = '' }) => text).join('') };
      if (candidate?.finishReason === 'STOP') yield { kind: 'end', ending: 'stop' };
    },
  };
}

interface Content {
  role: string;
  parts: object[];
}

function bodyOf(request: TargetRequest, signs: boolean): object {
  const turns = turnsOf<Content>(request, (turn) => contentsOf(turn, signs));
  return {
    ...(request.system === null
      ? {}
      : { systemInstruction: { parts: [{ text: request.system }] } }),
    contents: turns.map((turn) =>
      'parts' in turn ? turn : { role: 'user', parts: [{ text: turn.content }] },
    ),
    tools: [
      {
        functionDeclarations: request.tools.map(({ name, description, parameters }) => {
          return { name, description, parametersJsonSchema: parameters };
        }),
      },
    ],
  };
}

function contentsOf({ results }: ToolTurn, signs: boolean): Content[] {
  const signature = signs ? { thoughtSignature: 'skip_thought_signature_validator' } : {};
  return [
    {
      role: 'model',
      parts: results.map((call) => {
        return { functionCall: { name: call.name, args: argumentsOf(call) }, ...signature };
      }),
    },
    {
      role: 'user',
      parts: results.map(({ name, result }) => {
        return { functionResponse: { name, response: { result } } };
      }),
    },
  ];
}
