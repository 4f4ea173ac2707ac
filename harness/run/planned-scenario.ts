// A scenario of a plan, with the text that it was read from: messages say where in it.
import type { Scenario } from '../scenario/scenario.ts';

export interface PlannedScenario {
  file: string;
  text: string;
  scenario: Scenario;
}
