// The two ways in which a run can go wrong without the chain being to blame.
// Both end the command with exit code 2 and one message; neither is ever a score.

/** Where an input error was found; line and column count from 1. */
export interface Place {
  file: string;
  line?: number | undefined;
  column?: number | undefined;
}

/** The user's input is wrong: the message names the place and what to write instead. */
export class InputError extends Error {
  override readonly name = 'InputError';
  readonly place: Place | undefined;

  constructor(message: string, place?: Place) {
    super(place ? `${placeText(place)}: ${message}` : message);
    this.place = place;
  }
}

/**
 * The harness, or a chain that does what cannot be drilled (opens a real socket, starts a process),
 * is at fault. Travels out of band: the chain under test never sees it as an answer or an error.
 */
export class HarnessError extends Error {
  override readonly name = 'HarnessError';
}

export function placeText(place: Place): string {
  const line = place.line === undefined ? '' : `:${place.line}`;
  const column = place.line === undefined || place.column === undefined ? '' : `:${place.column}`;
  return `${place.file}${line}${column}`;
}

/** The message of anything that was thrown, without a stack. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
