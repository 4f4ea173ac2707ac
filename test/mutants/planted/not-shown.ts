// Why an item of the corpus does not show an invariant that its report tells of: by the item's id,
// then by invariant.
export const notShown: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'cloudflare-520-and-524-are-fatal': { I14: 'a status is misread, no word: I13 sees it' },
  'credit-400-keeps-being-routed': { I14: 'only the words of this 400 tell what it is' },
  'fallback-wrapper-turns-stream-into-invoke': { I08: 'the bound on ttft_ms.p95 sees it' },
  'finish-reason-error-passed-on': { I15: 'the answer is not empty: I04 sees it' },
  'first-token-timeout-resends-billed-request': { I25: 'nobody leaves in it' },
  'gateway-timeout-races-client-timeout': {
    I25: 'a chain that errs in nothing else has answered before its caller leaves',
  },
  'malformed-function-call-is-empty-success': {
    I14: 'a finish reason is misread, no word: I15 sees it',
  },
  'midstream-429-without-fallback-spins-cpu': { I26: 'who spins for ever is hung' },
  'retry-after-three-days': { I25: 'nobody leaves in it' },
  'retry-queues-behind-its-orphan': { I25: 'nobody leaves in it' },
  'schema-ignored-by-endpoint': { I15: 'prose is no empty answer: I12 and I18 see it' },
  'socket-errors-not-in-pattern-list': { I14: 'a socket has no words of a provider: I13 sees it' },
  'thinking-signature-from-other-provider': {
    I21: 'the primary is away for two attempts of each session, not for a time',
  },
};
