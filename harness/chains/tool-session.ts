// The turns of one call that are over: which tools were run, and what they said. Whoever is asked
// next, the same target or another, gets all of it; nothing is run a second time.
import type { Tool } from './chain.ts';
import type { Deadline } from './deadline.ts';
import { after } from './time.ts';
import type { ToolCall, ToolResult, ToolTurn } from './tool-call.ts';
import { argumentsOf } from './tool-call.ts';

/** A model that still asks for tools after so many turns goes round in circles. */
export const mostTurns = 8;

export class ToolSession {
  readonly turns: ToolTurn[] = [];
  readonly tools: readonly Tool[];

  constructor(tools: readonly Tool[]) {
    this.tools = tools;
  }

  /** Runs what a turn asked for, one after the other; `text` is what the model said beside. */
  async run(
    text: string,
    calls: readonly ToolCall[],
    deadline: Deadline,
    signal: AbortSignal,
  ): Promise<void> {
    const results: ToolResult[] = [];
    for (const call of calls) {
      signal.throwIfAborted();
      results.push({ ...call, ...(await inTime(this.#run(call), deadline.leftMs(), signal)) });
    }
    this.turns.push({ text, results });
  }

  /** A tool that fails is no failure of the call: the model is told, and may know better. */
  async #run(call: ToolCall): Promise<Pick<ToolResult, 'result' | 'failed'>> {
    const tool = this.tools.find(({ name }) => name === call.name);
    try {
      if (!tool) throw new Error(`there is no tool ${call.name}`);
      return { result: await tool.run(argumentsOf(call)), failed: false };
    } catch (error) {
      return { result: error instanceof Error ? error.message : String(error), failed: true };
    }
  }
}

/** The session asked for tools again and again, or a tool took all the time that there was. */
export class ToolSessionError extends Error {
  override readonly name = 'ToolSessionError';
}

function inTime<T>(running: Promise<T>, leftMs: number, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => settle(() => reject(signal.reason));
    const late = new ToolSessionError('A tool took longer than the deadline of the call allows.');
    const callOff = after(leftMs, () => settle(() => reject(late)));
    const settle = (how: () => void): void => {
      callOff();
      signal.removeEventListener('abort', onAbort);
      how();
    };
    signal.addEventListener('abort', onAbort, { once: true });
    running.then(
      (value) => settle(() => resolve(value)),
      (error) => settle(() => reject(error)),
    );
  });
}
