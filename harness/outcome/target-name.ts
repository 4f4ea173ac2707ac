// Whether a name that a chain gives means a target: provider/model, provider:model, or the model
// alone; without regard to case.

export function isName(said: string, of: string): boolean {
  const name = said.toLowerCase();
  const target = of.toLowerCase();
  const slash = target.indexOf('/');
  const model = target.slice(slash + 1);
  return name === target || name === model || name === `${target.slice(0, slash)}:${model}`;
}
