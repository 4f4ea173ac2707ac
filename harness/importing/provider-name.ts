// Which provider a host belongs to, for hosts that no targets file names, and which host a provider
// that is only named by word is reached at. A leaf; what users write into targets.yaml wins.

/** Hosts whose second-level name is not the provider's. */
const bySuffix: readonly [suffix: string, provider: string][] = [
  ['.openai.azure.com', 'azure'],
  ['.services.ai.azure.com', 'azure'],
  ['.cognitiveservices.azure.com', 'azure'],
  ['api.x.ai', 'xai'],
  ['generativelanguage.googleapis.com', 'google'],
  ['aiplatform.googleapis.com', 'google'],
  ['.amazonaws.com', 'bedrock'],
];

const hostOf: Readonly<Record<string, string>> = {
  cerebras: 'api.cerebras.ai',
  deepseek: 'api.deepseek.com',
  fireworks: 'api.fireworks.ai',
  gemini: 'generativelanguage.googleapis.com',
  groq: 'api.groq.com',
  huggingface: 'router.huggingface.co',
  mistral: 'api.mistral.ai',
  openrouter: 'openrouter.ai',
  perplexity: 'api.perplexity.ai',
  together: 'api.together.xyz',
  xai: 'api.x.ai',
};

/** `groq` of `api.groq.com`; the host itself where it is an address or a single name. */
export function providerOfHost(host: string): string {
  const name = host.replace(/:\d+$/, '').toLowerCase();
  const known = bySuffix.find(([suffix]) => name === suffix || name.endsWith(suffix));
  if (known) return known[1];
  const labels = name.split('.');
  if (labels.length < 2 || /^[\d.]+$/.test(name) || name.startsWith('[')) return name;
  const [top = '', second = '', third] = labels.toReversed();
  // `example.co.uk`: the name stands before a short second level of a country.
  return top.length === 2 && second.length <= 3 && third && third !== 'api' ? third : second;
}

/** The host at which everybody reaches a provider; null where it is not known or not one. */
export function hostOfProvider(provider: string): string | null {
  return Object.hasOwn(hostOf, provider) ? (hostOf[provider] ?? null) : null;
}
