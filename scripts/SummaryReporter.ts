import type { Reporter, TestModule } from "vitest/node"

/** Ends a run with one line that people and programs read alike, and makes a skip a failure where `REQUIRE_ALL=1`. */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: ReadonlyArray<TestModule>): void {
    const count = { passed: 0, failed: 0, skipped: 0 }
    for (const module of modules) {
      const tests = [...module.children.allTests()]
      if (module.state() === "failed" && tests.length === 0) count.failed++
      for (const test of tests) count[outcome(test.result().state)]++
    }
    if (process.env["REQUIRE_ALL"] === "1" && count.skipped > 0) {
      console.error(`\nREQUIRE_ALL=1: ${count.skipped} skipped tests count as failed`)
      process.exitCode = 1
    }
    console.log(`\n${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`)
  }
}

const outcome = (state: "passed" | "failed" | "skipped" | "pending") =>
  state === "passed" || state === "failed" ? state : "skipped"
