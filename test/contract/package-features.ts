// TypeScript as authors of chains write it, beyond what Node itself strips: enums, namespaces,
// parameter properties, CommonJS, extensionless imports, `.js` for `.ts`, and tsconfig's paths.
export const features = {
  'src/models.ts': `
    export enum Model { First = 'gpt-4o', Second = 'claude-3-5-sonnet-latest' }
    export namespace Most { export const tokens = 1024; }
  `,
  'src/text-of.ts': 'export const textOf = (text: string | null | undefined) => text ?? "";\n',
  'src/clients.cts': `
    import OpenAI = require('openai');
    export = { openai: () => new OpenAI({ maxRetries: 0 }) };
  `,
  'src/old.cjs': `
    const { Anthropic } = require('@anthropic-ai/sdk');
    module.exports = { make: () => new Anthropic({ maxRetries: 0 }) };
  `,
  'tsconfig.json': '{ "compilerOptions": { "paths": { "@app/*": ["./src/*"] } } }\n',
};

/** `models`: how the chain imports src/models.ts. */
export const featureChain = (models: string): string => `
  import { Model, Most } from '${models}';
  import { textOf } from './src/text-of.js';
  import { textOf as again } from './src/text-of';
  import clients from './src/clients.cjs';
  import old from './src/old.cjs';
  import type { Ask, Question } from 'firedrill';
  class Chosen { constructor(private readonly model: Model) {} name() { return this.model; } }
  export default (): Ask => {
    const openai = clients.openai();
    const anthropic = old.make();
    return async ({ messages, prompt }: Question, signal: AbortSignal) => {
      const model = new Chosen(Model.First).name();
      try {
        const reply = await openai.chat.completions.create({ model, messages }, { signal });
        return textOf(reply.choices[0]?.message.content);
      } catch {
        const messages = [{ role: 'user', content: prompt }];
        const second = { model: Model.Second, max_tokens: Most.tokens, messages };
        const reply = await anthropic.messages.create(second, { signal });
        return again(reply.content[0].text);
      }
    };
  };
`;
