// What Google's SDK shows of one exchange: the part of sdk-view.ts that is about Gemini. The SDK
// shows less of a response than others do, so status and headers are taken from its fetch.
import { ApiError, type GenerateContentResponse, GoogleGenAI } from '@google/genai';

export interface GeminiView {
  /** Null where no response came. */
  response: Response | null;
  /** The parsed body, or the chunks up to the end or to the error. */
  value: unknown[];
  error: ApiError | null;
}

/** `url`: where it was recorded; `origin`: where it goes instead of its own host. */
export async function geminiView(
  url: URL,
  body: Record<string, unknown>,
  origin: string | null,
): Promise<GeminiView> {
  const view: GeminiView = { response: null, value: [], error: null };
  const watched: typeof fetch = async (input, init) => {
    view.response = await fetch(input, init);
    return view.response;
  };
  const [, version = '', place = '', model = '', method] =
    /^\/(v\w+)\/(.*)models\/([^/:]+):(\w+)$/.exec(url.pathname) ?? [];
  const client = clientOf(place, version, `${origin ?? url.origin}/`, watched);
  const asking = {
    model: decodeURIComponent(model),
    contents: '(as recorded)',
    // The body goes out as it was recorded: the SDK would write some of it in its own way.
    config: { httpOptions: { extraBody: body } },
  };
  try {
    if (method === 'streamGenerateContent') {
      const stream = await client.models.generateContentStream(asking);
      for await (const chunk of stream) view.value.push(plain(chunk));
    } else view.value.push(plain(await client.models.generateContent(asking)));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    view.error = error;
  }
  return view;
}

/** `place`: of a model on Vertex AI, as its path names it. */
function clientOf(
  place: string,
  apiVersion: string,
  baseUrl: string,
  watched: typeof fetch,
): GoogleGenAI {
  const httpOptions = { baseUrl, fetch: watched };
  const [, project, location] = /^projects\/([^/]+)\/locations\/([^/]+)\//.exec(place) ?? [];
  if (!project || !location) return new GoogleGenAI({ apiKey: 'sk-test', apiVersion, httpOptions });
  const authClient = {
    getRequestHeaders: async () => new Headers({ authorization: 'Bearer sk-test' }),
  };
  const googleAuthOptions = { authClient: authClient as never };
  const options = { apiVersion, httpOptions, googleAuthOptions };
  return new GoogleGenAI({ vertexai: true, project, location, ...options });
}

function plain(value: GenerateContentResponse): unknown {
  const { sdkHttpResponse: _response, ...rest } = JSON.parse(JSON.stringify(value));
  return rest;
}
