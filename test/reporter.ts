import type { Reporter, TestCase, TestModule } from 'vitest/node'

/** Names what was skipped and why, and what passed only when it was tried again, and closes with the line that counts; in CI a skip is a failure. */
export default class ClosingReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()])
    const counted = { passed: 0, failed: 0, skipped: [] as TestCase[] }
    for (const test of tests) {
      const { state } = test.result()
      if (state === 'passed') counted.passed++
      else if (state === 'failed') counted.failed++
      else counted.skipped.push(test)
    }
    const broken = modules.filter((module) => module.errors().length > 0).length
    if (counted.skipped.length > 0) {
      console.log(`\nskipped here (install what they name to run them):\n${counted.skipped.map((test) => `  ${test.fullName}`).join('\n')}`)
      if (process.env['CI'] === 'true') {
        console.log('in CI a skipped test is a failed one')
        process.exitCode = 1
      }
    }
    const shaky = tests.filter((test) => test.diagnostic()?.flaky)
    if (shaky.length > 0) console.log(`\npassed only when tried again:\n${shaky.map((test) => `  ${test.fullName}`).join('\n')}`)
    console.log(`\n${counted.passed} passed, ${counted.failed + broken} failed, ${counted.skipped.length} skipped`)
  }
}
