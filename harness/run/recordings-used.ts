// What a report says of the recordings of each target beside what their files say: what was made
// without any, which models answered live, and how many answers came when they were recorded.
import type { HistoryEvent, TrialEvent } from '../history.ts';
import type { ScenarioRow } from '../report.ts';

type Used = ScenarioRow['recordings'];
type Times = Used[string]['times'];

const none: Times = { recorded: 0, recorded_speed: 0, assumed: 0 };

/** Takes the events of one trial in order. */
export class RecordingsUsed {
  /** Targets whose vectors the harness made. */
  readonly #made = new Set<string>();
  /** Targets of attempts that had no reply yet. */
  readonly #asked = new Map<number, string>();
  readonly #times = new Map<string, Times>();
  /** By target, the models that its live answers say they are of. */
  readonly #models = new Map<string, Set<string>>();

  event(event: HistoryEvent): void {
    if (event.e === 'attempt') {
      const target = `${event.provider}/${event.model}`;
      if (event.vectors) this.#made.add(target);
      else this.#asked.set(event.attempt, target);
    } else if (event.e === 'text' && event.model !== undefined) {
      const models = this.#models.get(event.target) ?? new Set();
      this.#models.set(event.target, models.add(event.model));
    } else if (event.e === 'reply' || event.e === 'end') {
      const target = this.#asked.get(event.attempt);
      this.#asked.delete(event.attempt);
      if (target !== undefined && event.e === 'reply') this.#count(target, event);
    }
  }

  /** What faults and wires made has no times of an answer. */
  #count(target: string, { text, times }: HistoryEvent & { e: 'reply' }): void {
    if (text === undefined && times === undefined) return;
    const before = this.#times.get(target) ?? none;
    const key = times === 'recorded-speed' ? 'recorded_speed' : (times ?? 'assumed');
    this.#times.set(target, { ...before, [key]: before[key] + 1 });
  }

  /** Vectors are told among the recordings: nobody recorded them, and whoever reads must know. */
  of({ setting }: TrialEvent): Used {
    const used: Used = {};
    for (const [target, own] of Object.entries(setting.recordings)) {
      used[target] =
        own.kind === 'live'
          ? { ...own, models: [...(this.#models.get(target) ?? [])].sort(), times: none }
          : { ...own, times: this.#times.get(target) ?? none };
    }
    for (const target of [...this.#made].sort()) {
      const assumed = setting.prices[target] === undefined;
      const of = { dates: null, models: [], assumed, times: none };
      used[target] ??= { kind: 'made', kinds: ['made'], ...of };
    }
    return used;
  }
}

/** Those of several trials of a scenario. */
export function pooledRecordings(all: readonly Used[]): Used {
  const pooled: Used = {};
  for (const used of all) {
    for (const [target, own] of Object.entries(used)) {
      const before = pooled[target]?.times ?? none;
      const times = {
        recorded: before.recorded + own.times.recorded,
        recorded_speed: before.recorded_speed + own.times.recorded_speed,
        assumed: before.assumed + own.times.assumed,
      };
      const models = new Set([...(pooled[target]?.models ?? []), ...own.models]);
      pooled[target] = { ...own, models: [...models].sort(), times };
    }
  }
  return pooled;
}
