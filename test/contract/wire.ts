// What every wire must do, judged by the official SDK of its provider. A new wire calls this with
// its SDK behind the few functions of `Sdk`.
import { describe, expect, it } from 'vitest';
import type { BodyForm, Reason } from '../../harness/faults/rejection.ts';
import type { Answer, Frame, RawRequest, Wire } from '../../harness/wires/wire.ts';
import { answered, answers, fetchOf, stamp, textOf } from '../wires/served.ts';

/** What a caller of an SDK holds in the end. */
export interface Said {
  text: string;
  calls: { name: string; arguments: unknown }[];
  refusal: string | null;
  /** The SDK's own stop reason. */
  stop: string;
  output: number | null;
}

export interface Sdk {
  /** One question, without retries. */
  whole(fetch: typeof globalThis.fetch): Promise<Said>;
  /** The raw stream, added up by hand. */
  streamed(fetch: typeof globalThis.fetch): Promise<Said>;
  /** The SDK's own stream helper. */
  helped(fetch: typeof globalThis.fetch): Promise<Said>;
  /** What the SDK makes of an answer of the kind. */
  expected(answer: Answer): Pick<Said, 'refusal' | 'stop'>;
  /** Whether an error inside a stream has the status that it would have had before it. */
  tellsStatus?: true;
  /** The error class for a status, and for an error inside a stream (null). */
  errorClass(status: number | null): new (...args: never[]) => Error;
}

const reasons: readonly Reason[] = [
  'rate-limit',
  'quota',
  'server-error',
  'overloaded',
  'timeout',
  'invalid-request',
  'context-length',
  'content-policy',
  'auth',
  'billing',
  'permission',
  'not-found',
  'conflict',
  'too-large',
];
const forms: readonly BodyForm[] = ['own', 'html', 'empty', 'text', 'detail', 'string'];

export function wireContract(wire: Wire, sdk: Sdk): void {
  const ways = [
    ['whole', sdk.whole],
    ['streamed', sdk.streamed],
    ['through the stream helper', sdk.helped],
  ] as const;

  describe.each(ways)(`${wire.name}, %s`, (way, ask) => {
    it.each(Object.entries(answers))('delivers an answer: %s', async (_, answer) => {
      const fetch = fetchOf(wire, (asked) => answered(wire, asked, wire.frames(answer, asked)));
      const calls = answer.toolCalls.map((call) => {
        return { name: call.name, arguments: JSON.parse(call.arguments) };
      });
      const expected = { text: answer.text, calls, ...sdk.expected(answer) };
      const said = await ask(fetch);
      expect(said).toMatchObject(expected);
      // Without asking for it, nobody gets usage from a chat stream.
      if (said.output !== null) expect(said.output).toBe(answer.usage.output);
    });

    it.each(reasons)('shows a rejection as the class of its status: %s', async (reason) => {
      for (const body of forms) {
        let status = 0;
        const fetch = fetchOf(wire, (asked) => {
          const reply = wire.reject({ reason, body }, asked, stamp);
          status = reply.status;
          return reply;
        });
        const error = await ask(fetch).catch((thrown: unknown) => thrown);
        const shown = way === 'through the stream helper' ? causeOf(error) : error;
        expect(shown, `${reason} ${body}`).toBeInstanceOf(sdk.errorClass(status));
        expect(shown).toMatchObject({ status });
      }
    });

    it('shows every status from 400 to 599 with its number', async () => {
      for (let status = 400; status < 600; status++) {
        const rejection = { reason: 'server-error', status } as const;
        const fetch = fetchOf(wire, (asked) => wire.reject(rejection, asked, stamp));
        const error = await ask(fetch).catch((thrown: unknown) => thrown);
        expect(causeOf(error)).toMatchObject({ status });
        expect(causeOf(error)).toBeInstanceOf(sdk.errorClass(status));
      }
    });
  });

  describe.each(ways.slice(1))(`${wire.name}, %s, with an error inside a 200`, (_, ask) => {
    it.each(reasons.filter((reason) => reason !== 'server-error'))(
      'throws an error without a status: %s',
      async (reason) => {
        for (const before of [0, 4]) {
          let status: number | undefined;
          const fetch = fetchOf(wire, (asked) => {
            const sent = wire.frames(answerOf('text'), asked).slice(0, before);
            const frames = wire.errorFrames({ reason }, asked, stamp, sent);
            if (sdk.tellsStatus) status = wire.reject({ reason }, asked, stamp).status;
            return answered(wire, asked, [...sent, ...frames]);
          });
          const error = await ask(fetch).catch((thrown: unknown) => thrown);
          expect(causeOf(error), reason).toBeInstanceOf(sdk.errorClass(null));
          expect(causeOf(error)).toMatchObject({ status });
        }
      },
    );
  });

  describe(`${wire.name}, frames`, () => {
    it('are tagged as classify tags them', () => {
      for (const answer of Object.values(answers)) {
        for (const frame of frameList(wire, answer)) expect(frame.again).toEqual(frame.tags);
      }
    });

    it('have all characters of the answer, and markers only after the payload', () => {
      for (const answer of Object.values(answers)) {
        const frames = frameList(wire, answer).map(({ tags }) => tags);
        const chars = frames.reduce((sum, frame) => sum + frame.chars, 0);
        const { refusal } = sdk.expected(answer);
        // An explanation beside a stop reason is none of the model's words.
        const silent = ['anthropic-messages', 'gemini'].includes(wire.name);
        const spoken = silent ? 0 : (refusal?.length ?? 0);
        expect(chars).toBe(answer.text.length + spoken);
        expect(frames.at(-1)?.marker).toBe(true);
        const marker = frames.findIndex((frame) => frame.marker);
        expect(frames.findLastIndex((frame) => frame.role === 'payload')).toBeLessThan(marker);
      }
    });

    it('are equal for equal questions, and of one event each', () => {
      const [one, other] = [frameList(wire, answerOf('text')), frameList(wire, answerOf('text'))];
      expect(one.map(({ text }) => text)).toEqual(other.map(({ text }) => text));
      for (const { text } of one) expect(text.match(/\r?\n\r?\n/g)).toHaveLength(1);
    });
  });

  describe(`${wire.name}, requests`, () => {
    it('knows only its own endpoint', async () => {
      const seen: RawRequest[] = [];
      await sdk
        .whole(async (input, init) => {
          const headers = new Headers(init?.headers);
          const url = String(input);
          const body = String(init?.body);
          seen.push({ method: 'POST', url, header: (name) => headers.get(name), body });
          return new Response('{}', { status: 400 });
        })
        .catch(() => {});
      const [request] = seen;
      if (request === undefined) throw new Error('the SDK has sent nothing');
      expect(wire.decode(request)).toMatchObject({ wire: wire.name, key: 'sk-test' });
      expect(wire.decode({ ...request, method: 'GET' })).toBeNull();
      expect(wire.decode({ ...request, url: 'https://example.test/v1/embeddings' })).toBeNull();
      const broken = wire.decode({ ...request, body: '{"model": ' });
      expect(broken).not.toBeNull();
      if (broken) expect(wire.objection(broken)).toMatchObject({ reason: 'invalid-request' });
    });

    it('finds nothing wrong with what its SDK sends', async () => {
      const objections: unknown[] = [];
      const fetch = fetchOf(wire, (asked) => {
        objections.push(wire.objection(asked));
        return answered(wire, asked, wire.frames(answerOf('text'), asked));
      });
      await sdk.whole(fetch);
      await sdk.streamed(fetch);
      expect(objections).toEqual([null, null]);
    });
  });
}

/** Stream helpers of the OpenAI SDK wrap what they meet. */
function causeOf(error: unknown): unknown {
  if (!(error instanceof Error) || 'status' in error) return error;
  return error.cause ?? error;
}

function answerOf(name: string): Answer {
  const answer = answers[name];
  if (answer === undefined) throw new Error(`there is no answer ${name}`);
  return answer;
}

interface Listed {
  text: string;
  tags: Omit<Frame, 'bytes'>;
  again: unknown;
}

/** The frames of a streamed answer, with what classify says of their events. */
function frameList(wire: Wire, answer: Answer): Listed[] {
  const asked = wire.decode({
    method: 'POST',
    url: `https://example.test/v1/${paths[wire.name]}`,
    header: () => 'x',
    body: '{"model":"m","stream":true,"stream_options":{"include_usage":true}}',
  });
  if (asked === null) throw new Error(`${wire.name} does not know its own path`);
  return wire.frames(answer, asked).map(({ bytes, ...tags }) => {
    const text = textOf([{ bytes, ...tags }]);
    return { text, tags, again: wire.classify(eventOf(text)) };
  });
}

const paths: Readonly<Record<Wire['name'], string>> = {
  'openai-chat': 'chat/completions',
  'openai-responses': 'responses',
  'anthropic-messages': 'messages',
  gemini: 'models/m:streamGenerateContent?alt=sse',
  'openai-embeddings': 'embeddings',
};

function eventOf(text: string): { event: string | null; data: string } {
  const lines = text.trimEnd().split('\n');
  const member = (name: string): string | null => {
    return lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2) ?? null;
  };
  return { event: member('event'), data: member('data') ?? '' };
}
