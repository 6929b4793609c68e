import type { Reporter, TestModule } from "vitest/node"

/**
 * Ends a run with one line that people and programs read alike, below everything else that is printed. Where
 * `REQUIRE_ALL=1`, a skip is a failure. What broke outside of any test (a module that does not load, an error nobody
 * caught) counts as a failed test too.
 */
export default class SummaryReporter implements Reporter {
  private summary = ""

  onInit(): void {
    process.once("exit", () => this.summary !== "" && console.log(this.summary))
  }

  onTestRunEnd(modules: ReadonlyArray<TestModule>, unhandled: ReadonlyArray<unknown>): void {
    const count = { passed: 0, failed: unhandled.length, skipped: 0 }
    for (const module of modules) {
      const tests = [...module.children.allTests()]
      for (const test of tests) count[outcome(test.result().state)]++
      if (module.state() === "failed" && !tests.some((test) => test.result().state === "failed")) count.failed++
    }
    const required = process.env["REQUIRE_ALL"] === "1" && count.skipped > 0
    if (required || count.failed > 0) process.exitCode = 1
    this.summary = [
      ...(required ? [`\nREQUIRE_ALL=1: ${count.skipped} skipped tests count as failed:`, ...skippedIn(modules)] : []),
      `\n${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`
    ].join("\n")
  }
}

const outcome = (state: "passed" | "failed" | "skipped" | "pending") =>
  state === "passed" || state === "failed" ? state : "skipped"

const skippedIn = (modules: ReadonlyArray<TestModule>) =>
  modules.flatMap((module) =>
    [...module.children.allTests()]
      .filter((test) => outcome(test.result().state) === "skipped")
      .map((test) => `  ${module.project.name}: ${test.fullName}`)
  )
