// The words of commands, as a shell reads them back: in run.json, in reports and in messages.
// A leaf.

/** What a drill is made of, in the words of its command. */
export interface DrillWords {
  /** The chain's file, from where the command is started. */
  chain: string;
  through?: string | undefined;
  seed: number;
  /** A targets file beside the shipped one. */
  targets?: string | undefined;
}

/** The words behind the scenario in `firedrill run` and `firedrill replay`. */
export function drillWords({ chain, through, seed, targets }: DrillWords): string {
  const words = [
    ...['--chain', chain],
    ...(through === undefined ? [] : ['--through', through]),
    ...['--seed', String(seed)],
    ...(targets === undefined ? [] : ['--targets', targets]),
  ];
  return words.map(quoted).join(' ');
}

/**
 * What finds a scenario again, by its name, which need not be that of its file. `worded`: the
 * words of the plan's scenarios, in its order.
 */
export function scenarioWords(
  plan: { scenarios: readonly { scenario: { name: string } }[] },
  worded: Iterable<string>,
): (name: string) => string {
  const words = [...worded];
  const byName = new Map(plan.scenarios.map(({ scenario }, at) => [scenario.name, words[at]]));
  return (name) => quoted(byName.get(name) ?? name);
}

/** `firedrill run`: drills the scenario again. `words`: those behind it. */
export function runLine(scenario: string, words: string, trials: number): string {
  return `firedrill run ${scenario} ${words}${trials > 1 ? ` --trials ${trials}` : ''}`;
}

/** `firedrill replay`: shows one call of it. */
export function replayLine(
  scenario: string,
  words: string,
  { trial, call }: { trial: number; call: number },
): string {
  return `firedrill replay ${scenario} ${words} --trial ${trial} --call ${call}`;
}

/** A word that a shell reads back as it is. */
export function quoted(word: string): string {
  return /^[\w./@:=+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
