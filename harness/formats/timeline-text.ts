// One call as a timeline, what `firedrill replay` shows: every attempt with what was injected and
// what came back, the waits between them, and what the caller got in the end, and when.
import type { AnswerEvent, CallerError, Hop, Unjudged } from '../history.ts';
import type { CallRecord } from '../outcome/call-record.ts';
import type { TimelineLine } from './attempt-lines.ts';
import { areParallel, attemptLines } from './attempt-lines.ts';
import { cleanText, oneLine, shortLine } from './clean-text.ts';
import { clockText } from './figure-text.ts';
import type { CallPlace } from './format.ts';

/** Characters of the caller's text that are shown. */
const mostText = 300;
const mostWords = 400;

/** Times are in seconds since the call was due. Ends with a newline. */
export function callTimeline(record: CallRecord, place: CallPlace): string {
  const { call, attempts } = record;
  const parallel = areParallel(attempts);
  const lines = [
    ...asked(record),
    ...left(record),
    ...attempts.flatMap(({ start }, index) => [
      ...toolLines(record, attempts[index - 1]?.start.t ?? -1, start.t),
      ...attemptLines(attempts, index + 1, parallel),
    ]),
    ...toolLines(record, attempts.at(-1)?.start.t ?? -1, Number.POSITIVE_INFINITY),
    ...received(record),
  ].sort((a, b) => (a.at ?? Number.POSITIVE_INFINITY) - (b.at ?? Number.POSITIVE_INFINITY) || 0);
  const times = lines.map(({ at }) => (at === null ? '' : clockText(at - call.due)));
  const width = Math.max(...times.map((time) => time.length));
  const body = lines.flatMap(({ text, details }, index) => [
    `  ${(times[index] ?? '').padStart(width)}  ${text}`,
    ...details.map((detail) => `  ${' '.repeat(width)}  ${detail}`),
  ]);
  return `${[...head(record, place), ...body].map((line) => line.trimEnd()).join('\n')}\n`;
}

function head({ call }: CallRecord, { scenario, chain, trial, twin }: CallPlace): string[] {
  const twinText = twin === null ? '' : `, twin ${oneLine(twin)}`;
  const repeats =
    call.repeats !== undefined
      ? `  asks call ${call.repeats} again`
      : call.follows !== undefined
        ? `  comes back to call ${call.follows}`
        : '';
  const canary = call.canary ? '  canary' : '';
  return [
    `call ${call.call}  ${oneLine(call.sample)}  due ${clockText(call.due)}${repeats}${canary}`,
    `${oneLine(scenario)}, chain ${oneLine(chain)}, trial ${trial}${twinText}`,
  ];
}

function asked({ call }: CallRecord): TimelineLine[] {
  if (call.t <= call.due) return [];
  const text = `asked, ${clockText(call.t - call.due)} late`;
  return [{ at: call.t, text, details: [] }];
}

/** What the caller did instead of waiting, and when the chain took notice. */
function left({ caller, releasedAt }: CallRecord): TimelineLine[] {
  if (!caller) return [];
  const did = caller.did === 'abort' ? 'aborts' : 'gives up';
  const leaves = { at: caller.t, text: `the caller ${did}: ${oneLine(caller.why)}`, details: [] };
  if (releasedAt === caller.t) return [leaves];
  const text = releasedAt === null ? 'the chain never lets go of it' : 'the chain lets go of it';
  return [leaves, { at: releasedAt, text, details: [] }];
}

/** What was run between two attempts: of the same instant, it comes before the later one. */
function toolLines({ tools = [] }: CallRecord, after: number, until: number): TimelineLine[] {
  const between = tools.filter(({ t }) => t > after && t <= until);
  return between.map(({ t, name, arguments: given, ok }) => ({
    at: t,
    text: `${ok ? 'the chain runs' : 'the chain tries to run'} ${name} ${shortLine(given, mostWords)}`,
    details: ok ? [] : ['the tool cannot take these arguments'],
  }));
}

function received(record: CallRecord): TimelineLine[] {
  const { answer, hung, outcome } = record;
  const because = shortLine(record.because, mostWords);
  if (!answer) {
    return [{ at: hung?.t ?? null, text: `no answer: ${outcome} - ${because}`, details: [] }];
  }
  const details = [...textLines(record.text), ...(answer.error ? errorLines(answer.error) : [])];
  details.push(...servedLines(record), ...scoreLines(record, answer), ...saidLines(answer));
  const whole = { at: answer.t, text: `answer: ${outcome} - ${because}`, details };
  if (answer.first === null || answer.first === answer.t) return [whole];
  return [{ at: answer.first, text: 'the caller sees the first character', details: [] }, whole];
}

function textLines(text: string): string[] {
  if (text === '') return [];
  const characters = [...cleanText(text)];
  const lines = characters.slice(0, mostText).join('').split('\n');
  const more = characters.length - mostText;
  return [...lines.map((line) => `| ${line}`), ...(more > 0 ? [`(${more} characters more)`] : [])];
}

function errorLines({ status, code, causes, attempts }: CallerError): string[] {
  const lines: string[] = [];
  if (status !== undefined) lines.push(`status ${status}`);
  if (code !== undefined) lines.push(`code ${shortLine(code, mostWords)}`);
  for (const cause of causes) lines.push(`cause: ${shortLine(cause, mostWords)}`);
  if (attempts) lines.push(`the error lists: ${hopsText(attempts)}`);
  return lines;
}

function servedLines({ servedBy, attempts, cachedFrom }: CallRecord): string[] {
  if (cachedFrom !== null) return [`served from the cache, as call ${cachedFrom} was answered`];
  if (!servedBy) return [];
  const nth = attempts.indexOf(servedBy) + 1;
  const which = nth > 0 ? `attempt ${nth}` : 'an attempt that belongs to no call';
  return [`served by ${oneLine(servedBy.target)} (${which})`];
}

const unjudgedText: Readonly<Record<Unjudged, string>> = {
  'no-verdict': 'not scored: the judge has no verdict on this text',
  'judge-failed': 'not scored: the judge failed on this text',
};

function scoreLines({ healthy }: CallRecord, { kind, score, unjudged }: AnswerEvent): string[] {
  if (kind === 'text' && unjudged) return [unjudgedText[unjudged]];
  if (kind !== 'text' || score === null) return [];
  const other = healthy?.score ?? null;
  const than = other === null ? '' : `; a healthy primary's answer scores ${other.toFixed(2)}`;
  return [`scores ${score.toFixed(2)}${than}`];
}

function saidLines({ meta }: AnswerEvent): string[] {
  if (!meta) return [];
  const said: string[] = [];
  if (meta.served !== undefined) said.push(`served by ${shortLine(meta.served, mostWords)}`);
  if (meta.cachedMs !== undefined) said.push(`cached for ${clockText(meta.cachedMs)}`);
  if (meta.degraded) said.push('degraded');
  if (meta.hops) said.push(`tried ${hopsText(meta.hops)}`);
  return said.length === 0 ? [] : [`the chain says: ${said.join('; ')}`];
}

function hopsText(hops: readonly Hop[]): string {
  const told = hops.map(({ target, outcome }) => `${target} (${outcome})`);
  return shortLine(told.join(', '), mostWords);
}
