// Why an item of the corpus does not show an invariant that its report tells of: by the item's id,
// then by invariant.
export const notShown: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'all-candidates-cooling': { I20: 'all are limited in it: nobody who stood ready is passed over' },
  'chain-stops-after-two-of-seventeen': {
    I20: 'a limit on one model may be that of its provider, and so of the third candidate',
  },
  'cloudflare-520-and-524-are-fatal': { I14: 'a status is misread, no word: I13 sees it' },
  'credit-400-keeps-being-routed': { I14: 'only the words of this 400 tell what it is' },
  'embedding-fallback-same-width-other-space': {
    I27: 'documents have vectors of both before anything fails: I18 sees a mix',
  },
  'fallback-wrapper-turns-stream-into-invoke': { I08: 'the bound on ttft_ms.p95 sees it' },
  'finish-reason-error-passed-on': { I15: 'the answer is not empty: I04 sees it' },
  'first-token-timeout-resends-billed-request': { I25: 'nobody leaves in it' },
  'foreign-tool-call-id-too-long': { I27: 'what goes along is an id, not a failure: I18 sees it' },
  'gateway-timeout-races-client-timeout': {
    I25: 'a chain that errs in nothing else has answered before its caller leaves',
  },
  'hung-provider-retried-for-half-an-hour': {
    I20: 'its calls come three minutes apart: a breaker is closed again by then',
  },
  'malformed-function-call-is-empty-success': {
    I14: 'a finish reason is misread, no word: I15 sees it',
  },
  'midstream-429-without-fallback-spins-cpu': { I26: 'who spins for ever is hung' },
  'preamble-recorded-as-success': {
    I20: 'its calls come three minutes apart: a breaker is closed again by then',
  },
  'retry-after-three-days': { I25: 'nobody leaves in it' },
  'retry-queues-behind-its-orphan': { I25: 'nobody leaves in it' },
  'schema-ignored-by-endpoint': { I15: 'prose is no empty answer: I12 and I18 see it' },
  'socket-errors-not-in-pattern-list': { I14: 'a socket has no words of a provider: I13 sees it' },
  'thinking-signature-from-other-provider': {
    I21: 'the primary is away for two attempts of each session, not for a time',
  },
};
