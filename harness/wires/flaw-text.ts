// What is wrong with a request, in words that no provider owns: for wires of providers whose own
// words nobody has recorded.
import type { Flaw } from '../faults/rejection.ts';

export function flawText(flaw: Flaw): string {
  switch (flaw.is) {
    case 'unsupported-parameter':
      return `The parameter '${flaw.name}' is not supported by this model.`;
    case 'missing-parameter':
      return `The parameter '${flaw.name}' is required.`;
    case 'context':
      return (
        `The request needs ${flaw.input} input tokens and up to ${flaw.output} output tokens; ` +
        `the context window holds ${flaw.limit}.`
      );
    case 'output':
      return `${flaw.asked} output tokens were asked for; this model gives at most ${flaw.limit}.`;
    case 'long-id':
      return `A tool call id has ${flaw.length} characters; at most ${flaw.limit} are allowed.`;
    case 'prefill':
      return 'The conversation must not end with a message of the assistant.';
    case 'images':
      return 'This model does not take images.';
    case 'schema':
      return 'This model does not support answers by a JSON Schema.';
    case 'tools':
      return 'This model does not support tools.';
    case 'foreign-ids':
      return 'The id of a tool call in the history was not issued by this provider.';
    case 'foreign-signatures':
      return 'The signature of reasoning in the history is not valid.';
    case 'missing-signatures':
      return 'A tool call in the history lacks its signature.';
    default:
      return flaw satisfies never;
  }
}
