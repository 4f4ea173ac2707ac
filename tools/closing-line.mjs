// Prints what was skipped in words, and the closing line that a test runner's result is read by.
import { readFileSync } from 'node:fs';

const report = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const skipped = report.testResults
  .flatMap((file) => file.assertionResults)
  .filter(
    (test) => test.status === 'pending' || test.status === 'skipped' || test.status === 'todo',
  );
for (const test of skipped) console.log(`skipped: ${test.fullName}`);
console.log(
  `${report.numPassedTests} passed, ${report.numFailedTests} failed, ${skipped.length} skipped`,
);
process.exitCode = report.numFailedTests > 0 ? 1 : 0;
