/** The credentials that chains find in their environment: never real ones. A leaf. */
export const drillKeys: Record<string, string> = {
  openai: 'sk-firedrill-openai-000000000000000000000000',
  anthropic: 'sk-ant-firedrill-00000000000000000000000000',
  google: 'AIzaFiredrill0000000000000000000000000',
};
