// Rules that have no file yet: reports name them, so that nobody takes silence for a pass.
export const notJudged: Readonly<Record<string, string>> = {
  I10: 'Callers that are limited together do not retry together.',
  I14: 'The class of a failure comes from status and code fields, never from words in text.',
  I15: 'Empty, null, reasoning-only, HTML or zero-event 200s are not success.',
  I16: 'Explicit refusals follow one policy, the same when streaming.',
  I17: 'Each target gets its own model, URL, key and supported parameters; no secret crosses.',
  I18: 'Tools, history, schema, images and size reach the fallback in valid form, or it is skipped.',
  I20: 'Only target-health failures open a breaker, and its scope is the target.',
  I21: 'Probes are bounded, and traffic returns to a healthy primary within the recovery limit.',
  I24: 'Usage and cost are the sum over billed attempts.',
  I25: 'An abort stops attempts, sleeps and upstream work, and is not a provider failure.',
  I26: 'Sockets, timers and counters return to baseline.',
  I27: 'Degraded or failed results never leak into caches or the next attempt.',
  I28: 'Any re-chunking of the same bytes gives the same output and decisions.',
};
