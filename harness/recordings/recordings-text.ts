// What `firedrill recordings` prints: files, targets, and then what is wrong, with its samples.
import { oneLine } from '../formats/clean-text.ts';
import type { RecordingsCheck, TargetCheck } from './check-recordings.ts';

/** Samples that a line shows by name. */
const shownSamples = 5;

/** `shown`: a path as the user sees it. */
export function recordingsText(check: RecordingsCheck, shown: (file: string) => string): string {
  const { workload, samples, files, targets } = check;
  const lines = [`${oneLine(workload)}: ${plural(samples, 'sample')}`];
  for (const { file, recordings, digests, flaws } of files) {
    const digest = digests === 0 ? '' : `, ${digests} with a digest`;
    const state = flaws.length === 0 ? 'sound' : plural(flaws.length, 'flaw');
    lines.push(`  ${shown(file)}: ${plural(recordings, 'recording')}${digest}, ${state}`);
  }
  lines.push('');
  for (const one of targets) lines.push(...targetLines(one, samples));
  for (const { file, flaws } of files) {
    for (const flaw of flaws) lines.push(`broken   ${shown(file)}: ${oneLine(flaw)}`);
  }
  for (const { target, missing, stale, models } of targets) {
    const of = oneLine(target);
    if (missing.length > 0) lines.push(`missing  ${of}: ${namesOf(missing)}`);
    if (stale.length > 0) lines.push(`stale    ${of}: ${namesOf(stale)}`);
    for (const { model, recordings, isNamed } of models) {
      if (isNamed) continue;
      const count = plural(recordings, 'recording');
      lines.push(`version  ${of}: ${count} of ${oneLine(model)}, which its name does not mean`);
    }
  }
  return `${lines.join('\n').trimEnd()}\n`;
}

function targetLines(one: TargetCheck, samples: number): string[] {
  const { target, isAsked, recordings, errors, kinds, dates, models, missing } = one;
  const notes = [
    ...(isAsked ? [`${samples - missing.length} of ${plural(samples, 'sample')}`] : []),
    `${plural(recordings, 'recording')}${errors > 0 ? `, ${errors} of them errors` : ''}`,
    ...(kinds.length > 0 ? [kinds.join(', ')] : []),
    ...(recordings > 0 ? [daysOf(dates)] : []),
    ...(models.length > 0 ? [models.map(({ model }) => oneLine(model)).join(', ')] : []),
    ...(isAsked ? [] : ['the chain does not ask it']),
  ];
  return [`  ${oneLine(target)}: ${notes.join('; ')}`];
}

function daysOf(dates: TargetCheck['dates']): string {
  if (dates === null) return 'of no known day';
  return dates.from === dates.to ? dates.from : `${dates.from} to ${dates.to}`;
}

function namesOf(samples: readonly string[]): string {
  const names = samples.slice(0, shownSamples).map(oneLine).join(', ');
  const more = samples.length - shownSamples;
  return more > 0 ? `${names} and ${more} more` : names;
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}
