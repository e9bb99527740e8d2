/**
 * In CI, a test that fails is tried once more (`.ci/run` asks for it): of thousands of tests with real processes on a busy machine,
 * one may fail by chance. That is a fault all the same, of the test or of what it tests: this names each before the summary.
 */
import type { TestCase } from 'vitest/node';
import type { Reporter } from 'vitest/reporters';

/** How often a test that fails is tried again. @throws Error when the variable holds no count */
export function readRetries(value = process.env.PDFMAGIC_TEST_RETRIES): number {
  if (value === undefined || value === '') return 0;
  if (!/^\d$/.test(value)) throw new Error(`PDFMAGIC_TEST_RETRIES is '${value}': give a number of 0 to 9.`);
  return Number(value);
}

export class SecondTries implements Reporter {
  private readonly flaky: string[] = [];

  onTestCaseResult(test: TestCase): void {
    if (!test.diagnostic()?.flaky) return;
    this.flaky.push(`  ${test.module.relativeModuleId} > ${test.fullName}`);
    for (const { message } of test.result().errors ?? []) this.flaky.push(`    ${message.split('\n')[0]}`);
  }

  onTestRunEnd(): void {
    if (this.flaky.length === 0) return;
    process.stdout.write(`\nFailed at first, and passed when tried again:\n${this.flaky.join('\n')}\n`);
  }
}
