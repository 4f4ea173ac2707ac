// Mistakes that people really make, one each: what planted-chain.ts does wrong on demand, and which
// invariant has to see it.

export const mistakes = {
  'takes-any-end': ['I01', 'A stream that ends without its terminal marker is an answer.'],
  'commits-at-headers': ['I02', 'After a 200 nothing is tried any more, though no text came.'],
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
  'names-nobody': ['I23', 'The result names the primary, whoever served.'],
  'sends-same-to-all': ['I18', 'All get what the first takes: parameters, sizes, pictures.'],
  'second-error-hides-first': ['I22', 'As before, and only the last refusal is told.'],
  'drops-schema': ['I18', 'The schema of a request is left out for all but the first target.'],
  'sends-foreign-history': ['I18', "One provider's ids and signatures are sent to another."],
  'one-key-for-all': ['I17', 'Every target is asked with the key of the first.'],
  'announces-switch': ['I17', 'It says that it has switched, and asks the first target again.'],
  'repeats-bad-form': ['I12', 'Prose in the place of JSON is asked for three times.'],
  'mixes-spaces': ['I18', 'Vectors of any model search the one index that there is.'],
  'stays-with-fallback': ['I21', 'As before, and who stood in once does so for good.'],
} as const satisfies Record<string, readonly [invariant: string, what: string]>;

export type Mistake = keyof typeof mistakes;
