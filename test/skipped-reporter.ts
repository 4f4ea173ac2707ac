// Says in words how many tests were skipped because what they need is not there: the outside data,
// or LiteLLM and Portkey.
import type { Reporter, TestModule } from 'vitest/node';

const marks = ['(data)', '(gateways)'];

export default class SkippedReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    for (const mark of marks) {
      let skipped = 0;
      for (const module of modules) {
        for (const test of module.children.allTests('skipped')) {
          if (test.fullName.includes(mark)) skipped++;
        }
      }
      if (skipped > 0) process.stdout.write(`SKIPPED: ${skipped} tests ${mark}\n`);
    }
  }
}
