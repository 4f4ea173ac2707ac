// Mistakes that people really make, one each: what planted-chain.ts does wrong on demand, and which
// invariant has to see it.

export const mistakes = {
  'takes-any-end': ['I01', 'A stream that ends without its terminal marker is an answer.'],
  'takes-silence': ['I01', 'A stream that ends without an event is an answer, an empty one.'],
  'commits-at-headers': ['I02', 'After a 200 nothing is tried any more, though no text came.'],
  'restarts-after-payload': ['I03', 'After half an answer the next target starts from the top.'],
  'in-band-quota-ends': ['I04', 'A spent quota inside a 200 ends the call, by status it does not.'],
  'takes-error-finish': ['I04', 'Finish reasons that it does not know are taken for stop.'],
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
  'reads-digits': ['I12', 'A 429 or a 50x anywhere in the words of an error is a reason to retry.'],
  'reads-words': ['I12', 'It retries where an error says overloaded, whatever else is said.'],
  'only-limits-move': ['I13', 'Only a rate limit is followed by another target.'],
  'only-statuses-move': [
    'I13',
    'Only a failure with an HTTP status is followed by another target.',
  ],
  'sentinel-ends': ['I13', '424 is its own sign for the end of the chain, whoever sends it.'],
  'says-nothing': ['I22', 'The error says that something went wrong, and no more.'],
  'names-nobody': ['I23', 'The result names the primary, whoever served.'],
  'hides-refusals': ['I23', 'What the primary refuses is taken to the next target in its name.'],
} as const satisfies Record<string, readonly [invariant: string, what: string]>;

export type Mistake = keyof typeof mistakes;
