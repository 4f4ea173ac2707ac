// Mistakes that people really make, one each: what planted-chain.ts does wrong on demand, and which
// invariant has to see it.

export const mistakes = {
  'takes-any-end': ['I01', 'A stream that ends without its terminal marker is an answer.'],
  'commits-at-headers': ['I02', 'After a 200 nothing is tried any more, though no text came.'],
  'repeats-after-timeouts': ['I05', 'After a time limit the same target is asked again.'],
  'restarts-after-payload': ['I03', 'After half an answer the next target starts from the top.'],
  'in-band-quota-ends': ['I04', 'A spent quota inside a 200 ends the call, by status it does not.'],
  'retries-multiply': ['I05', 'An inner loop of retries runs inside an outer one.'],
  'walks-twice': ['I05', 'When all have failed, the chain is walked once more.'],
  'no-idle-limit': ['I06', 'Nothing ends a stream that has begun and says no more.'],
  'cuts-steady-streams': ['I06', 'A limit for the whole stream cuts it while it flows.'],
  'no-attempt-limit': ['I07', 'Nothing limits an attempt but the client itself.'],
  'limit-ends-at-headers': ['I07', 'The time limit of an attempt ends with its headers.'],
  'no-deadline': ['I08', 'Attempts are limited, the call is not.'],
  'primary-eats-deadline': ['I08', 'One attempt may take as long as the whole call.'],
  'ignores-hint': ['I09', 'It comes back after 50 ms, whatever the provider asks for.'],
  'sleeps-the-hint': ['I09', 'It sleeps for as long as the provider says, without a cap.'],
  'retries-quota': ['I11', 'A spent quota or a wrong key is tried again with the same key.'],
  'retries-bad-requests': ['I12', 'What every retry would fail is sent three times.'],
  'only-limits-move': ['I13', 'Only a rate limit is followed by another target.'],
  'says-nothing': ['I22', 'The error says that something went wrong, and no more.'],
  'counts-absent-usage': ['I22', 'The cost of a failure is read from tokens that nobody counted.'],
  'names-nobody': ['I23', 'The result names the primary, whoever served.'],
} as const satisfies Record<string, readonly [invariant: string, what: string]>;

export type Mistake = keyof typeof mistakes;
