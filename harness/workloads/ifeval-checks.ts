// The 25 kinds of instructions of IFEval as checks, one check an instruction, read from its name
// and arguments as the prompts have them. Strict: what the instruction asks for, in the whole
// answer as it stands. docs/checks.md says where the published checkers ask for something else.

import type { ParsedCheck } from '../checks/check.ts';
import { parseChecks } from '../checks/grade.ts';

/** The arguments of an instruction; those that it has none of are null or left out. */
export type Arguments = Readonly<Record<string, unknown>>;

/** A check as a workload's YAML has it. */
export type RawCheck = Readonly<Record<string, unknown>>;

const kinds: Readonly<Record<string, (given: Arguments) => RawCheck>> = {
  'change_case:capital_word_frequency': (given) => ({
    capitalWords: range(given.capital_relation, given.capital_frequency),
  }),
  'change_case:english_capital': () => ({
    all: [{ letterCase: 'upper' }, { language: 'en' }],
  }),
  'change_case:english_lowercase': () => ({
    all: [{ letterCase: 'lower' }, { language: 'en' }],
  }),
  'combination:repeat_prompt': (given) => ({
    startsWith: given.prompt_to_repeat,
    marks: false,
  }),
  'combination:two_responses': () => ({
    parts: { divider: '******', different: true, ...exactly(2) },
  }),
  'detectable_content:number_placeholders': (given) => ({
    placeholders: { min: given.num_placeholders },
  }),
  'detectable_content:postscript': (given) => ({ postscript: given.postscript_marker }),
  'detectable_format:constrained_response': () => ({
    any: ['yes', 'no', 'maybe'].map((word) => ({
      contains: [`My answer is ${word}.`],
      case: true,
    })),
  }),
  'detectable_format:json_format': () => ({ json: {} }),
  'detectable_format:multiple_sections': (given) => ({
    sections: { heading: given.section_spliter, min: given.num_sections },
  }),
  'detectable_format:number_bullet_lists': (given) => ({
    bullets: { marks: ['*', '-', '+'], ...exactly(given.num_bullets) },
  }),
  'detectable_format:number_highlighted_sections': (given) => ({
    highlights: { min: given.num_highlights },
  }),
  'detectable_format:title': () => ({ title: 'angles' }),
  'keywords:existence': (given) => ({ contains: given.keywords }),
  'keywords:forbidden_words': (given) => ({ notContains: given.forbidden_words, whole: true }),
  'keywords:frequency': (given) => ({
    frequency: { of: given.keyword, ...range(given.relation, given.frequency) },
  }),
  'keywords:letter_frequency': (given) => ({
    frequency: { of: given.letter, ...range(given.let_relation, given.let_frequency) },
  }),
  'language:response_language': (given) => ({ language: given.language }),
  'length_constraints:nth_paragraph_first_word': (given) => ({
    all: [
      { paragraphs: exactly(given.num_paragraphs) },
      { startsWith: given.first_word, paragraph: given.nth_paragraph },
    ],
  }),
  'length_constraints:number_paragraphs': (given) => ({
    parts: { divider: '***', ...exactly(given.num_paragraphs) },
  }),
  'length_constraints:number_sentences': (given) => ({
    sentences: range(given.relation, given.num_sentences),
  }),
  'length_constraints:number_words': (given) => ({
    words: range(given.relation, given.num_words),
  }),
  'punctuation:no_comma': () => ({ notContains: [','] }),
  'startend:end_checker': (given) => ({ endsWith: given.end_phrase }),
  'startend:quotation': () => ({ wrapped: '"' }),
};

/** What it is called without its language: `keywords:existence` of `en:keywords:existence`. */
export function instructionKind(id: string): string {
  return id.replace(/^\w+:(?=\w+:)/, '');
}

/** The check of an instruction as YAML has it; throws for a kind that IFEval does not have. */
export function ifevalCheck(id: string, given: Arguments): RawCheck {
  const make = kinds[instructionKind(id)];
  if (!make) throw new Error(`IFEval has no instruction ${id}`);
  return make(given);
}

/** The checks of a prompt, in the order of its instructions. */
export function ifevalChecks(ids: readonly string[], given: readonly Arguments[]): ParsedCheck[] {
  return parseChecks(ids.map((id, at) => ifevalCheck(id, given[at] ?? {})));
}

function exactly(count: unknown): RawCheck {
  return { min: count, max: count };
}

/** IFEval says `at least` and `less than`. */
function range(relation: unknown, count: unknown): RawCheck {
  return relation === 'less than' ? { max: Number(count) - 1 } : { min: count };
}
