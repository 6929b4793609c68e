import { defineConfig } from "vitest/config"
import projects from "./vitest.workspace.ts"

export default defineConfig({
  test: {
    projects,
    passWithNoTests: true,
    // Suites with real processes and stores share two cores with the rest.
    testTimeout: 20_000,
    reporters: ["default", "./scripts/SummaryReporter.ts"]
  }
})
