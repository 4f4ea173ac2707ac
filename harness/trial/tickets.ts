// To which call a request belongs. The async context says it for most chains; one that hands its
// questions to a loop of its own (a queue, a batcher) asks from the context of whoever started the
// loop. So the ticket in the prompt has the last word, where it names a call that is open.
import type { OpenCall } from '../upstream/answers.ts';

export interface TicketedCall extends OpenCall {
  ticket: string;
}

const anyTicket = /\b[45]\d{6}\b/g;

export class Tickets {
  /** The last call that was opened with each ticket; a repeated question repeats its ticket. */
  readonly #open = new Map<string, TicketedCall>();

  open(call: TicketedCall): void {
    this.#open.set(call.ticket, call);
  }

  close(call: TicketedCall): void {
    if (this.#open.get(call.ticket) === call) this.#open.delete(call.ticket);
  }

  /** `scope`: what the async context says; null: nothing. */
  callOf(body: string, scope: OpenCall | null): OpenCall | null {
    const own = scope && 'ticket' in scope ? (scope as TicketedCall).ticket : null;
    if (own !== null && body.includes(own)) return scope;
    for (const [ticket] of body.matchAll(anyTicket)) {
      const call = this.#open.get(ticket);
      if (call) return call;
    }
    return scope;
  }
}
