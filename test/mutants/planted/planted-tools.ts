// What a planted chain keeps of a session with tools: each call that was sent whole is run once,
// and what it said goes along to whoever is asked next; but for the mistakes with tools.
import type { Tool } from '../../../harness/chains/chain.ts';
import type { ToolCall, ToolResult, ToolTurn } from '../../../harness/chains/tool-call.ts';
import type { Mistake } from './mistakes.ts';

export class PlantedTools {
  readonly offers: readonly Tool[];
  readonly #mistake: Mistake | null;
  #turns: readonly ToolTurn[] = [];

  constructor(offers: readonly Tool[], mistake: Mistake | null) {
    this.offers = offers;
    this.#mistake = mistake;
  }

  get turns(): readonly ToolTurn[] {
    return this.#turns;
  }

  async run(said: string, calls: readonly ToolCall[]): Promise<void> {
    const results: ToolResult[] = [];
    for (const call of calls) {
      const offer = this.offers.find(({ name }) => name === call.name);
      if (!offer) throw new Error(`there is no tool ${call.name}`);
      results.push({ ...call, result: await offer.run(call.arguments), failed: false });
    }
    this.#turns = [...this.#turns, { text: said, results }];
  }

  /** The next target is about to be asked. */
  leave(): void {
    if (this.#mistake === 'starts-sessions-over') this.startOver();
  }

  startOver(): void {
    this.#turns = [];
  }

  /** An attempt broke that had begun to call something: nothing is known of what was meant. */
  async breakOff(): Promise<void> {
    const [offer] = this.offers;
    if (this.#mistake !== 'runs-half-calls' || !offer) return;
    await offer.run('{').catch(() => {});
  }
}
