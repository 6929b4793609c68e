import { readdirSync } from "node:fs"

const folders = readdirSync(new URL("packages", import.meta.url)).map((name) => ({ name, folder: `packages/${name}` }))

/**
 * Packages whose tests leave nothing behind in their process, so that their files share one: Effect is then loaded once and
 * not again for every file, which is half of the time that these packages' tests take.
 */
const sharing: ReadonlySet<string> = new Set([
  "appendlog",
  "contract",
  "currencyservice",
  "domain",
  "emailservice",
  "paymentservice",
  "productcatalogservice",
  "recommendationservice",
  "shippingservice"
])

/** One test project for each package and one for the scripts: the array that vitest.config.ts hands to `test.projects`. */
export default [...folders, { name: "scripts", folder: "scripts" }].map(({ folder, name }) => ({
  extends: true as const,
  test: {
    name,
    include: [`${folder}/test/**/*.test.ts`],
    poolOptions: { forks: { singleFork: sharing.has(name), isolate: !sharing.has(name) } }
  }
}))
