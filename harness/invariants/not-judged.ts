// Rules that have no file yet: reports name them, so that nobody takes silence for a pass.
export const notJudged: Readonly<Record<string, string>> = {
  I17: 'Each target gets its own model, URL, key and supported parameters; no secret crosses.',
  I18: 'Tools, history, schema, images and size reach the fallback in valid form, or it is skipped.',
  I24: 'Usage and cost are the sum over billed attempts.',
  I27: 'Degraded or failed results never leak into caches or the next attempt.',
};
