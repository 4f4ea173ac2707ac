// What `firedrill serve --record` says at its end: what passed, what of it was kept, what it cost.
import { oneLine } from '../formats/clean-text.ts';
import type { TrafficState } from '../live/traffic.ts';
import { usdText } from './record-text.ts';

export function trafficText(state: TrafficState, file: string, next: string): string {
  const { requests, recorded, replayed, refused, unknown, recordings, spent } = state;
  const lines = [`${plural(requests, 'request')}, ${recorded} recorded`];
  for (const { reason, count } of state.not_recorded) {
    lines.push(`not recorded ${count}: ${oneLine(reason)}`);
  }
  if (replayed > 0) lines.push(`answered from recordings: ${replayed}`);
  if (refused > 0) lines.push(`not sent, as a limit might have been exceeded: ${refused}`);
  if (unknown > 0) lines.push(`not sent, as nobody knows the host: ${unknown}`);
  const tokens = `${spent.tokens.toLocaleString('en-GB')} tokens`;
  const { at_most: open } = state;
  const most = open > 0 ? `at most ${usdText(spent.usd)}` : usdText(spent.usd);
  const why = open > 0 ? ` (${open} told no usage, and count as the most they could cost)` : '';
  lines.push(`sent: ${plural(spent.requests, 'request')}, ${tokens}, ${most}${why}`);
  if (recordings > 0) {
    lines.push(`${plural(recordings, 'recording')} in ${file}`, '', `next: ${next}`);
  }
  return `${lines.join('\n')}\n`;
}

function plural(count: number, word: string): string {
  return `${count.toLocaleString('en-GB')} ${word}${count === 1 ? '' : 's'}`;
}
