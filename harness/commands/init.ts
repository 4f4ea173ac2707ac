// `firedrill init`: what a project needs so that its own chain can be drilled at once.
import type { Command } from 'commander';
import { Option } from 'commander';
import { quoted } from '../command-words.ts';
import { cleanText } from '../formats/clean-text.ts';
import { putFiles } from '../importing/project-files.ts';
import { projectFolder, shown } from '../project.ts';
import type { Starter } from '../starter/starter.ts';
import { planStarter } from '../starter/starter.ts';
import { functionText } from '../starter/starter-chain.ts';
import { dependsOnFiredrill, githubFile } from '../starter/starter-ci.ts';
import type { CommandContext, ExitCode, MakeCommand } from './command.ts';

interface InitOptions {
  chain?: string;
  ci?: 'github';
}

const recordings = `${projectFolder}/recordings`;

const examples = `
What is there already is kept as it is. Nothing of the project is executed.

Examples:
  firedrill init                        looks for the file that asks a model
  firedrill init --chain src/answer.ts  drills this one
  firedrill init --ci github            and writes ${githubFile}
`;

export const initCommand: MakeCommand = (context) => ({
  name: 'init',
  define(program: Command, finish) {
    program
      .command('init')
      .description('begin in your own project: a chain, prompts with answers, three scenarios')
      .option('--chain <file>', 'the module that asks your models, or a chain that you have')
      .addOption(new Option('--ci <system>', 'also write a CI file').choices(['github']))
      .addHelpText('after', examples)
      .action((options: InitOptions) => finish(async () => init(context, options)));
  },
});

function init(context: CommandContext, options: InitOptions): ExitCode {
  const { cwd } = context;
  const github = options.ci === 'github';
  const starter = planStarter(cwd, { chain: options.chain ?? null, github });
  const put = putFiles(starter.files, cwd, false);
  const lines = [found(starter)];
  for (const { path, fate } of put) lines.push(`${fate.padEnd(9)}  ${shown(path, cwd)}`);
  for (const host of starter.call?.hosts ?? []) {
    lines.push(
      `\nnote: ${starter.call?.path} has a base URL at ${host}: name the host in`,
      `      ${projectFolder}/targets.yaml, and put answers of its models into ${recordings}`,
    );
  }
  const run = `firedrill run --chain ${quoted(starter.chain)}`;
  lines.push(
    '',
    'next:',
    `  npx ${run}`,
    '  npx firedrill import --answers FILE.csv    your own prompts and logged answers',
    '',
    ...ciLines(cwd, github, run),
  );
  context.out(cleanText(`${lines.join('\n')}\n`));
  return 0;
}

function found({ call, chain, isOwnChain }: Starter): string {
  if (isOwnChain) return `${chain} is the chain\n`;
  if (!call) return 'no file here asks a model: the chain is a stand-in to be replaced\n';
  if (call.ask) return `${call.path}: the chain calls ${functionText(call.ask)}\n`;
  const lacks = 'exports no function that takes a prompt and returns text';
  return `${call.path} ${lacks}: the chain is a stand-in with its models\n`;
}

function ciLines(cwd: string, github: boolean, run: string): string[] {
  const missing = dependsOnFiredrill(cwd)
    ? []
    : ['CI needs firedrill in package.json: npm install --save-dev firedrill'];
  if (github) return missing;
  return [
    `CI: "npx ${run}" ends with 1 when a threshold is breached, with 2 when it could not run;`,
    `    firedrill init --ci github writes ${githubFile}`,
  ];
}
