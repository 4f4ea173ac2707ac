// The text of the chain module that `init` writes: around a function of the user's, else a stand-in
// with the same models that says what to put in its place.
import { oneLine } from '../formats/clean-text.ts';
import type { ExportedAsk } from './exported-ask.ts';
import type { LlmCall, Sdk } from './find-llm-call.ts';

/** What a stand-in walks where the project names no model: shipped with prices and paces. */
export const usualTargets = ['openai/gpt-4o', 'anthropic/claude-3-5-sonnet-latest'];

/** `toRoot`: from the chain's folder to the project, like `..`. */
export function starterChain(call: LlmCall | null, toRoot: string): string {
  return call?.ask ? around(call, call.ask, toRoot) : standIn(call);
}

/** An exported function in words. */
export function functionText({ name }: ExportedAsk): string {
  return name === null ? 'its default export' : `its ${name}()`;
}

const signalArg = { alone: ', signal', option: ', { signal }', none: '' };

function around({ path, targets }: LlmCall, ask: ExportedAsk, toRoot: string): string {
  const file = oneLine(path);
  const given = ask.name ?? 'answer';
  // Two names are those of the parameters.
  const name = given === 'signal' || given === 'question' ? `${given}Of` : given;
  const named = given === name ? `{ ${name} }` : `{ ${given} as ${name} }`;
  const params = `question: Question${ask.signal === null ? '' : ', signal: AbortSignal'}`;
  const args = `question.prompt${signalArg[ask.signal ?? 'none']}`;
  return `// What firedrill drills: ${file} as it is, through ${functionText(ask)}.
import type { Question } from 'firedrill';
import ${ask.name === null ? name : named} from ${quotedPath(`${toRoot}/${importable(path)}`)};

// The models in the order in which they are tried, so that reports can say which were left; they
// are guessed from ${file}, so look before you use the line.
// export const targets = [${targets.map((target) => `'${target}'`).join(', ')}];

// Called once a trial. Return the text that users would see, or an async iterable of its pieces.
export default () => (${params}) => ${name}(${args});
`;
}

/** The name under which TypeScript's and Node's resolution both find a source file. */
function importable(path: string): string {
  return path.replace(/\.tsx?$/, '.js').replace(/\.([cm])ts$/, '.$1js');
}

function quotedPath(path: string): string {
  return `'${path.replace(/['\\]/g, '\\$&').replaceAll('\n', '\\n')}'`;
}

const functions: Record<Sdk, string> = {
  openai: `  const openai = new OpenAI();
  const askOpenAI = async (model: string, { messages }: Question, signal: AbortSignal) => {
    const reply = await openai.chat.completions.create({ model, messages }, { signal });
    return reply.choices[0]?.message.content ?? '';
  };
`,
  anthropic: `  const anthropic = new Anthropic();
  const askClaude = async (model: string, question: Question, signal: AbortSignal) => {
    const reply = await anthropic.messages.create(
      {
        model,
        max_tokens: 1024,
        ...(question.system ? { system: question.system } : {}),
        messages: [{ role: 'user', content: question.prompt }],
      },
      { signal },
    );
    return reply.content.map((block) => (block.type === 'text' ? block.text : '')).join('');
  };
`,
};

const imports: Record<Sdk, string> = {
  openai: `import OpenAI from 'openai';\n`,
  anthropic: `import Anthropic from '@anthropic-ai/sdk';\n`,
};

const calls: Record<Sdk, string> = {
  openai: 'askOpenAI(model, question, signal)',
  anthropic: 'askClaude(model, question, signal)',
};

/** Continues a line of comment. */
function whyStandIn(call: LlmCall | null): string {
  if (!call) return 'No call of a model was found in this project.';
  const models =
    call.targets.length > 0 ? 'asks these models' : 'asks models that it does not name';
  return `${oneLine(call.path)} ${models},
// but exports no function that takes a prompt and returns its answer.`;
}

function standIn(call: LlmCall | null): string {
  const targets = call && call.targets.length > 0 ? call.targets : usualTargets;
  const has = (sdk: Sdk): boolean => targets.some((target) => target.startsWith(`${sdk}/`));
  const sdks = (['anthropic', 'openai'] as const).filter(has);
  const both = `(target.startsWith('anthropic/')
          ? ${calls.anthropic}
          : ${calls.openai})`;
  const [only] = sdks.length === 1 ? sdks : [];
  const ask = `await ${only ? calls[only] : both}`;
  return `// A stand-in, not your code. ${whyStandIn(call)}
// Put your own chain in its place, so that what is drilled is what users get:
//   import { answer } from '../src/answer.js';
//   export default () => (question, signal) => answer(question.prompt, signal);
${sdks.map((sdk) => imports[sdk]).join('')}import type { Question } from 'firedrill';

// The primary first.
export const targets = [
${targets.map((target) => `  '${target}',\n`).join('')}];

// Called once a trial. Return the text that users would see, or an async iterable of its pieces.
export default () => {
${sdks.map((sdk) => functions[sdk]).join('')}
  return async (question: Question, signal: AbortSignal) => {
    const failures: unknown[] = [];
    for (const target of targets) {
      const model = target.slice(target.indexOf('/') + 1);
      try {
        return ${ask};
      } catch (error) {
        failures.push(error);
      }
    }
    throw new AggregateError(failures, 'no model answered', { cause: failures[0] });
  };
};
`;
}
