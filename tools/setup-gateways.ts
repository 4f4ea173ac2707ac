// Installs the gateways that firedrill drills as they ship, in the versions that gateways/ pins:
// LiteLLM with its proxy and the Python SDKs into .gateways/python, Portkey into .gateways/portkey.
// What is installed as pinned is left alone.
//
//   npm run setup:gateways
import { InputError } from '../harness/errors.ts';
import { packageRoot } from '../harness/project.ts';
import { setUp } from './setup-gateways/set-up.ts';

try {
  for (const line of setUp(packageRoot, (doing) => console.log(doing))) console.log(line);
} catch (error) {
  if (!(error instanceof InputError)) throw error;
  console.error(`setup:gateways: ${error.message}`);
  process.exitCode = 2;
}
