// A target that hands on every tool call that has begun: what has not come is closed with quotes
// and brackets, as lenient parsers do. All else is the shipped target's.
import { openAiChatTarget } from '../../../harness/chains/openai-chat-target.ts';
import { openAiResponsesTarget } from '../../../harness/chains/openai-responses-target.ts';
import type { Target } from '../../../harness/chains/target.ts';
import type { ToolCall } from '../../../harness/chains/tool-call.ts';
import { parsed } from '../../../harness/parsed-json.ts';
import { number, record, records, text } from '../../../harness/wires/json.ts';
import { parseSse } from '../../../harness/wires/sse.ts';

/** `responses`: its wire; else chat completions. Targets of others stay as they are. */
export function repairingTarget(inner: Target, responses: boolean): Target {
  const model = inner.name.split('openai/')[1];
  if (model === undefined) return inner;
  const make = responses ? openAiResponsesTarget : openAiChatTarget;
  return {
    ...inner,
    async *ask(request, signal) {
      const heard = new Heard();
      const { fetch } = globalThis;
      const target = make(inner.name, model, {
        apiKey: inner.credential,
        baseURL: 'https://api.openai.com/v1',
        timeoutMs: 1_200_000,
        fetch: async (...given) => heard.listening(await fetch(...given)),
      });
      try {
        for await (const part of target.ask(request, signal)) {
          if (part.kind !== 'end') yield part;
          else if (heard.calls.length === 0) yield part;
        }
      } catch (error) {
        if (heard.calls.length === 0) throw error;
      }
      if (heard.calls.length > 0) yield { kind: 'end', ending: 'tools', calls: heard.calls };
    },
  };
}

/** Tool calls of a stream so far. */
class Heard {
  readonly #calls = new Map<number, ToolCall>();
  #body = '';

  get calls(): ToolCall[] {
    this.#calls.clear();
    for (const { data } of parseSse(`${this.#body}\n\n`)) {
      const event = record(parsed(data)) ?? {};
      const [choice] = records(event.choices);
      for (const { index, id, function: called } of records(record(choice?.delta)?.tool_calls)) {
        const { name, arguments: piece } = record(called) ?? {};
        this.#add(number(index) ?? 0, text(id), text(name), text(piece));
      }
      const index = number(event.output_index) ?? 0;
      const { type, call_id, name } = record(event.item) ?? {};
      if (event.type === 'response.output_item.added' && type === 'function_call') {
        this.#add(index, text(call_id), text(name), '');
      }
      if (event.type === 'response.function_call_arguments.delta') {
        this.#add(index, '', '', text(event.delta));
      }
    }
    return [...this.#calls.values()].map((call) => ({
      ...call,
      arguments: closed(call.arguments),
    }));
  }

  listening(response: Response): Response {
    if (response.body === null || !response.ok) return response;
    const decoder = new TextDecoder();
    const transform = (chunk: Uint8Array, controller: Controller): void => {
      this.#body += decoder.decode(chunk, { stream: true });
      controller.enqueue(chunk);
    };
    const body = response.body.pipeThrough(new TransformStream({ transform }));
    return new Response(body, { status: response.status, headers: response.headers });
  }

  #add(index: number, id: string, name: string, piece: string): void {
    const call = this.#calls.get(index) ?? { id: '', name: '', arguments: '' };
    this.#calls.set(index, call);
    call.id ||= id;
    call.name ||= name;
    call.arguments += piece;
  }
}

type Controller = TransformStreamDefaultController<Uint8Array>;

/** JSON that was cut, with all that is open closed; `{}` where even that does not parse. */
function closed(cut: string): string {
  const open: string[] = [];
  let quoted = false;
  for (let i = 0; i < cut.length; i++) {
    const letter = cut[i];
    if (quoted && letter === '\\') i++;
    else if (letter === '"') quoted = !quoted;
    else if (quoted) continue;
    else if (letter === '{' || letter === '[') open.push(letter === '{' ? '}' : ']');
    else if (letter === '}' || letter === ']') open.pop();
  }
  const ends = open.reverse().join('');
  const tries = quoted ? [`${cut}"${ends}`] : [`${cut}${ends}`, `${cut}null${ends}`];
  return tries.find((one) => parsed(one) !== undefined && record(parsed(one)) !== null) ?? '{}';
}
