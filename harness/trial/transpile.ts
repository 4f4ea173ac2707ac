// Lets the user's modules be TypeScript, CommonJS or both, as their own tools would: tsx's hooks,
// put in place once. Never tsImport, which would load second copies of the SDKs and of our modules.
import { register as registerCommonJs } from 'tsx/cjs/api';
import { register } from 'tsx/esm/api';

let done = false;

export function transpileModules(): void {
  if (done) return;
  done = true;
  // Under `tsx` itself the hooks are there already.
  if (process.execArgv.some((argument) => argument.includes('tsx'))) return;
  registerCommonJs();
  register();
}
