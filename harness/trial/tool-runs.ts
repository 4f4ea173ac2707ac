// The tools of a question as its chain gets them. They do nothing but say what the workload has
// them say, and write down that they were run: a side effect that nobody may cause by mistake.
import type { Tool } from '../chains/chain.ts';
import type { Recorder } from '../history.ts';
import { parsed } from '../parsed-json.ts';
import type { Sample, SampleTool } from '../workloads/workload.ts';

export class ToolRuns {
  readonly #record: Recorder;
  readonly #now: () => number;
  #over = false;

  constructor(record: Recorder, now: () => number) {
    this.#record = record;
    this.#now = now;
  }

  /** The tools of one call: each run is that call's, whoever runs it, and from where. */
  of(call: number, { tools = [] }: Sample): Tool[] {
    return tools.map((tool) => {
      let runs = 0;
      const { name, description, parameters } = tool;
      return {
        name,
        description,
        parameters: structuredClone(parameters),
        run: async (args) => {
          if (this.#over) throw new Error(`${name} was run after the end of the trial`);
          const problem = problemOf(tool, args);
          const given = textOf(args);
          this.#record({
            e: 'tool',
            t: this.#now(),
            call,
            name,
            arguments: given,
            ok: problem === null,
          });
          if (problem !== null) throw new TypeError(`${name} cannot be run: ${problem}`);
          return tool.results[runs++] ?? tool.results.at(-1) ?? '';
        },
      };
    });
  }

  /** The trial is over: what a chain leaves behind must not write into another one's history. */
  close(): void {
    this.#over = true;
  }
}

/** Why a tool cannot take these arguments; null: it can. */
function problemOf({ parameters }: SampleTool, args: unknown): string | null {
  const given = typeof args === 'string' ? parsed(args) : args;
  if (given === undefined) return 'its arguments are no JSON';
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    return 'its arguments are no object';
  }
  const required = Array.isArray(parameters.required) ? parameters.required : [];
  const missing = required.filter((key) => !Object.hasOwn(given, String(key)));
  return missing.length === 0 ? null : `its arguments lack ${missing.join(', ')}`;
}

/** A chain may give anything; what has no JSON is told by its kind. */
function textOf(args: unknown): string {
  if (typeof args === 'string') return args;
  try {
    return JSON.stringify(args) ?? typeof args;
  } catch {
    return typeof args;
  }
}
