import { defineConfig } from "vitest/config"
import projects from "./vitest.workspace.ts"

export default defineConfig({
  test: {
    projects,
    passWithNoTests: true,
    reporters: ["default", "./scripts/SummaryReporter.ts"]
  }
})
