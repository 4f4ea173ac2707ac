import { describe, expect, it } from 'vitest';
import { findWorkload } from '../../harness/project.ts';
import { createAnswerBook } from '../../harness/upstream/answer-book.ts';
import { root } from '../drills.ts';

const workload = findWorkload('failover-bench', root);
const book = createAnswerBook(workload);
const sample = workload.samples[0]?.id ?? '';

function answerOf(target: string) {
  const known = book.find(sample, target, 0);
  if (!known) throw new Error(`${target} has no answer to ${sample}`);
  return known;
}

describe('what a target sends when it is asked to go on', () => {
  const gpt = answerOf('openai/gpt-4o');
  const claude = answerOf('anthropic/claude-3-5-sonnet-latest');
  const { text } = gpt.answer;

  it('is the rest of the answer that begins so, whoever began it', () => {
    for (const known of [gpt, claude]) {
      const rest = book.rest(known, text.slice(0, 100));
      expect(rest?.answer.text).toBe(text.slice(100));
      expect(rest?.event.kind).toBe('continuation');
    }
  });

  it('is nothing where all of it was said', () => {
    const rest = book.rest(claude, text);
    expect(rest?.answer.text).toBe('');
    expect(rest?.answer.finish).toBe('stop');
  });

  it('is its own answer where nobody has one that begins so', () => {
    expect(book.rest(claude, 'Something that nobody has ever said')).toBeNull();
  });
});
