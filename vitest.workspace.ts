import { readdirSync } from "node:fs"

const folders = readdirSync(new URL("packages", import.meta.url)).map((name) => ({ name, folder: `packages/${name}` }))

/** One test project for each package and one for the scripts: the array that vitest.config.ts hands to `test.projects`. */
export default [...folders, { name: "scripts", folder: "scripts" }].map(({ folder, name }) => ({
  extends: true as const,
  test: { name, include: [`${folder}/test/**/*.test.ts`] }
}))
