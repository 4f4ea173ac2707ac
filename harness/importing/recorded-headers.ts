// Which headers of a recorded response a recording keeps: all but those that hold a secret, name
// an account, or could never be served. Request headers are not kept at all.
import { headerName, headerValue } from '../upstream/recording.ts';

type Headers = readonly (readonly [name: string, value: string])[];

const secretNames =
  /^(?:proxy-)?authorization$|api-?key|cookie|token$|secret|password|organi[sz]ation|^openai-project$|workspace-id|account-id/i;
const limits = /rate-?limit/i;
const credentials = /^(?:(?:proxy-)?authorization|(?:x-|x-goog-)?api-?key|cookie)$/i;

/** Shorter ones (`test`) may well stand in a header by chance. */
const shortestSecret = 8;

/** `request`: the headers sent, whose credentials must not come back in any other header. */
export function keptHeaders(response: Headers, request: Headers): [name: string, value: string][] {
  const sent = request
    .filter(([name]) => credentials.test(name))
    .flatMap(([, value]) => parts(value));
  return response
    .filter(([name, value]) => headerName.test(name) && headerValue.test(value))
    .filter(([name]) => limits.test(name) || !secretNames.test(name))
    .filter(([, value]) => !sent.some((secret) => value.includes(secret)))
    .map(([name, value]) => [name, value]);
}

function parts(value: string): string[] {
  return value.split(/[\s;=,]+/).filter((part) => part.length >= shortestSecret);
}
