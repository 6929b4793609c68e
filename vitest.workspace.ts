import { readdirSync } from "node:fs"

/** One test project for each package that has tests: the array that vitest.config.ts hands to `test.projects`. */
export default readdirSync(new URL("packages", import.meta.url)).map((name) => ({
  extends: true as const,
  test: { name, include: [`packages/${name}/test/**/*.test.ts`] }
}))
