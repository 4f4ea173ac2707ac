// A chain behind HTTP: an app's own handler in this process, or a URL. Each question is a request,
// and what comes back is read as a client of that API reads it.
import type { Ask, ChainAnswer, Question } from '../chains/chain.ts';
import { parsed } from '../parsed-json.ts';
import { EndpointError } from './endpoint-error.ts';
import { readAnswer } from './read-answer.ts';

/** How an app is asked, where it is not asked as OpenAI's chat completions are. */
export interface EndpointWords {
  /** Below the app's root, like /api/chat. */
  path?: string | undefined;
  headers?: Record<string, string> | undefined;
  /** What is sent as JSON. */
  body?: ((question: Question, options: { stream: boolean }) => unknown) | undefined;
  /** Reads the answer, where its content type does not tell how. */
  read?: ((response: Response) => ChainAnswer | Promise<ChainAnswer>) | undefined;
}

export interface EndpointOptions extends EndpointWords {
  /** The app's root: `http://app.local`. */
  origin: string;
  /** What a request names where the app does not say what is sent. */
  model?: string;
  /** provider/model: what a response's `model` is compared with. */
  targets: readonly string[];
  stream: boolean;
}

/** What answers a request: an app's handler, or fetch. */
export type Fetcher = (request: Request) => Response | Promise<Response>;

const usualPath = '/v1/chat/completions';

export function askEndpoint(fetcher: Fetcher, options: EndpointOptions): Ask {
  const { origin, path = usualPath, headers, read, model = 'default', targets, stream } = options;
  const { body = usualBody(model) } = options;
  const url = new URL(path, origin).href;
  return async (question, signal) => {
    const request = new Request(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body(question, { stream })),
      signal,
    });
    const response = await fetcher(request);
    signal.throwIfAborted();
    if (response.ok) return read ? read(response) : readAnswer(response, targets, signal);
    throw errorOf(response.status, await response.text());
  };
}

function usualBody(model: string): NonNullable<EndpointWords['body']> {
  return ({ messages, schema }, { stream }) => {
    const json_schema = schema === null ? null : { name: 'answer', schema };
    const response_format = json_schema && { type: 'json_schema', json_schema };
    return { model, messages, stream, ...(response_format && { response_format }) };
  };
}

/** What apps and gateways put into the body of an error. */
function errorOf(status: number, body: string): EndpointError {
  const { message, code } = errorIn(body);
  return new EndpointError(message ?? `HTTP ${status}: ${body.slice(0, 200)}`, status, code);
}

function errorIn(body: string): { message?: string; code?: string } {
  const outer = Object(parsed(body));
  const error = typeof outer.error === 'object' ? Object(outer.error) : outer;
  const message = error.message ?? outer.message ?? outer.error ?? undefined;
  const code = error.code ?? error.type;
  return {
    ...(typeof message === 'string' && { message }),
    ...(typeof code === 'string' && { code }),
  };
}
