import { expect, test } from 'vitest';
import { Tickets } from '../../harness/trial/tickets.ts';

const call = (number: number) => ({
  call: number,
  sample: 's',
  ticket: String(5_000_000 + number),
});
const asking = (...numbers: number[]): string =>
  JSON.stringify({ messages: numbers.map((number) => ({ content: `t ${5_000_000 + number}?` })) });

test('a request belongs to the call in whose context it was made', () => {
  const tickets = new Tickets();
  const [one, two] = [call(1), call(2)];
  tickets.open(one);
  tickets.open(two);
  expect(tickets.callOf(asking(2), two)).toBe(two);
  expect(tickets.callOf('{}', one)).toBe(one);
  expect(tickets.callOf('{}', null)).toBeNull();
});

test('a loop that hands on the questions of others asks for them', () => {
  const tickets = new Tickets();
  const [one, two] = [call(1), call(2)];
  tickets.open(one);
  tickets.open(two);
  expect(tickets.callOf(asking(2), null)).toBe(two);
  expect(tickets.callOf(asking(2), one)).toBe(two);
  tickets.close(two);
  expect(tickets.callOf(asking(2), one)).toBe(one);
});

test('of a question that is asked again while it is open, the context says whose it is', () => {
  const tickets = new Tickets();
  const [first, again] = [call(1), { ...call(1), call: 7 }];
  tickets.open(first);
  tickets.open(again);
  expect(tickets.callOf(asking(1), first)).toBe(first);
  expect(tickets.callOf(asking(1), null)).toBe(again);
  tickets.close(first);
  expect(tickets.callOf(asking(1), null)).toBe(again);
});
