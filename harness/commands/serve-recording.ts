// `firedrill serve --record`: a recording proxy between an app and its real providers.
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { wall } from '../clock/wall.ts';
import { quoted } from '../command-words.ts';
import { InputError } from '../errors.ts';
import { oneLine } from '../formats/clean-text.ts';
import { putFiles } from '../importing/project-files.ts';
import type { RecordingProxy } from '../live/recording-proxy.ts';
import { packageRoot, projectFolder, shown, targetsFiles, workloadFile } from '../project.ts';
import { baseUrls } from '../realtime/provider-variables.ts';
import { recordedWorkload } from '../recordings/recorded-workload.ts';
import { proxyRecorder } from '../recordings/recorder.ts';
import { trafficText } from '../recordings/traffic-text.ts';
import { withLockBeside } from '../run/run-lock.ts';
import { createTargets, readTargets } from '../upstream/targets.ts';
import type { AskedWorkload } from '../workloads/yaml-workload.ts';
import { readAskedWorkload } from '../workloads/yaml-workload.ts';
import type { CommandContext, ExitCode } from './command.ts';
import { redactions } from './options.ts';

export interface RecordingWords {
  record: string;
  workload?: string;
  upstream?: string[];
  maxCost?: number;
  maxRequests?: number;
  keepErrors?: true;
  once?: true;
  redact?: string[];
  port: number;
  host: string;
  targets?: string;
}

/** Further ones are counted. */
const mostTold = 20;

const nameForm = /^[a-z0-9][a-z0-9-]*$/;

interface Place {
  /** Of recordings. */
  file: string;
  /** Null: the samples are another workload's. */
  workloadFile: string | null;
  asked: { workload: AskedWorkload; file: string } | null;
}

export async function serveRecording(
  context: CommandContext,
  words: RecordingWords,
): Promise<ExitCode> {
  const { cwd } = context;
  const place = placeOf(words, cwd);
  const targets = createTargets(readTargets(targetsFiles(cwd, words.targets)));
  const { upstreamsOf } = await import('../live/proxy-upstreams.ts');
  const upstreams = upstreamsOf(words.upstream ?? [], targets);
  const patterns = redactions(words.redact);
  const { Traffic } = await import('../live/traffic.ts');
  const { sampleMatch } = await import('../live/sample-match.ts');
  const { openRecordingProxy } = await import('../live/recording-proxy.ts');
  const { TrafficStore } = await import('../recordings/traffic-store.ts');
  const { Budget } = await import('../recordings/budget.ts');
  return withLockBeside(place.file, async () => {
    const { file } = place;
    const storePlace = { name: words.record, file, workloadFile: place.workloadFile, cwd };
    const store = new TrafficStore({ ...storePlace, looksUp: words.once === true });
    try {
      const traffic = new Traffic({
        store,
        budget: new Budget(words.maxCost ?? null, words.maxRequests ?? null),
        hasMaxCost: words.maxCost !== undefined,
        targets,
        match: place.asked && sampleMatch(place.asked.workload.samples),
        keepErrors: words.keepErrors === true,
        once: words.once === true,
        patterns,
        today: () => new Date().toISOString().slice(0, 10),
      });
      const { host, port } = words;
      const onTrouble = telling(context);
      const options = { host, port, upstreams, traffic, nowMs: wall.nowMs, onTrouble };
      const proxy = await openRecordingProxy(options);
      context.out(greeting(proxy, words.record, shown(file, cwd), store.unfinished));
      const broken = await ended(context, proxy);
      if (broken !== undefined) throw broken;
      store.fold();
      if (store.recordings > 0) putWorkload(place, words.record, cwd);
      const state = traffic.state();
      context.out(
        `\n${trafficText(state, shown(file, cwd), `drill with workload: ${words.record}`)}`,
      );
      if (state.unknown > 0) return 2;
      if (state.refused > 0) return 1;
      return state.requests === 0 ? 130 : 0;
    } finally {
      store.close();
    }
  });
}

/** What is under way is waited for, after the first Ctrl-C; resolves with what broke it, if any. */
async function ended({ signal, err }: CommandContext, proxy: RecordingProxy): Promise<unknown> {
  const interrupted = new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
  const broken = await Promise.race([interrupted, proxy.failed]);
  if (broken === undefined) {
    const note = wall.setTimeout(() => err('waiting for what is under way; Ctrl-C ends it\n'), 500);
    await Promise.race([proxy.drain(), proxy.failed]);
    wall.clearTimeout(note);
  }
  await proxy.close();
  return broken;
}

/** Throws InputError. */
function placeOf({ record: name, workload: named }: RecordingWords, cwd: string): Place {
  if (!nameForm.test(name)) {
    throw new InputError(
      `--record ${JSON.stringify(name)}: write a name for what is recorded, like support-desk`,
    );
  }
  const file = resolve(cwd, projectFolder, 'recordings', `${name}.jsonl`);
  const own = join(cwd, projectFolder, 'workloads', `${name}.yaml`);
  const isShipped = existsSync(join(packageRoot, 'fixtures/workloads', `${name}.yaml`));
  if (name === 'ifeval' || isShipped) {
    throw new InputError(`${name} is a workload that ships with firedrill: give another --record`);
  }
  if (named === undefined) return { file, workloadFile: own, asked: null };
  if (named === 'ifeval') {
    throw new InputError('the answers to ifeval are graded by others: name a .yaml workload');
  }
  const path = workloadFile(named, cwd);
  const workload = readAskedWorkload(path);
  const there = existsSync(own) ? readAskedWorkload(own) : null;
  const ids = new Set(there?.samples.map(({ id }) => id));
  if (there && (there.files.join() !== file || workload.samples.some(({ id }) => !ids.has(id)))) {
    throw new InputError(`has other samples than ${named}: give --record another name`, {
      file: shown(own, cwd),
    });
  }
  return { file, workloadFile: null, asked: { workload, file: path } };
}

/** The samples and checks of the workload that was recorded, with these answers. */
function putWorkload({ asked, file }: Place, name: string, cwd: string): void {
  if (!asked) return;
  const by = { name, by: proxyRecorder };
  const made = recordedWorkload(asked.workload, asked.file, file, cwd, by);
  if (made) putFiles([made], cwd, false);
}

function telling({ err }: CommandContext): (message: string) => void {
  let told = 0;
  return (message) => {
    if (++told <= mostTold) err(`firedrill: ${oneLine(message)}\n`);
  };
}

function greeting(proxy: RecordingProxy, name: string, file: string, unfinished: number): string {
  const variables = Object.entries(baseUrls((host) => proxy.origin(host))).map(
    ([variable, value]) => `export ${variable}=${quoted(value)}\n`,
  );
  const left =
    unfinished > 0
      ? `note: ${unfinished} requests of an earlier command may have been paid and brought nothing\n`
      : '';
  return `# what passes is recorded as ${name}; for the programs that ask, with keys of their own:
${variables.join('')}
control  ${proxy.control}
records  ${file}, at the end; until then ${file}.journal
${left}Ctrl-C ends it, and tells what was recorded. Requests are real and cost what they cost.
`;
}
