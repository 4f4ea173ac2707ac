// Says in words how many tests were skipped because the outside data is not there.
import type { Reporter, TestModule } from 'vitest/node';

export default class SkippedReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    let skipped = 0;
    for (const module of modules) {
      for (const test of module.children.allTests('skipped')) {
        if (test.fullName.includes('(data)')) skipped++;
      }
    }
    if (skipped > 0) process.stdout.write(`SKIPPED: ${skipped} tests (data)\n`);
  }
}
