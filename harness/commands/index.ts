// Every command by its name. A test compares it with the folder.
import type { MakeCommand } from './command.ts';
import { compareCommand } from './compare.ts';
import { execCommand } from './exec.ts';
import { gateCommand } from './gate.ts';
import { importCommand } from './import.ts';
import { initCommand } from './init.ts';
import { listCommand } from './list.ts';
import { mergeCommand } from './merge.ts';
import { portabilityCommand } from './portability.ts';
import { recordCommand } from './record.ts';
import { recordingsCommand } from './recordings.ts';
import { replayCommand } from './replay.ts';
import { reportCommand } from './report.ts';
import { runCommand } from './run.ts';
import { scorecardCommand } from './scorecard.ts';
import { serveCommand } from './serve.ts';

export const commands: Record<string, MakeCommand> = {
  run: runCommand,
  compare: compareCommand,
  exec: execCommand,
  serve: serveCommand,
  gate: gateCommand,
  init: initCommand,
  import: importCommand,
  list: listCommand,
  merge: mergeCommand,
  portability: portabilityCommand,
  record: recordCommand,
  recordings: recordingsCommand,
  replay: replayCommand,
  report: reportCommand,
  scorecard: scorecardCommand,
};
