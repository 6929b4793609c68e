import { describe, it } from "@effect/vitest"
import { assertTrue, strictEqual } from "@effect/vitest/utils"
import { Effect } from "effect"
import { spawnSync } from "node:child_process"
import { fileURLToPath } from "node:url"
import * as Canaries from "./Canaries.ts"

/** In every process: whoever writes that a confirmation was sent, writes to whom. */
const plant = `const write = process.stdout.write.bind(process.stdout)
process.stdout.write = (chunk, ...rest) =>
  write(String(chunk).replace("order confirmation sent", "order confirmation sent to ${Canaries.person.email}"), ...rest)`

/** The law of leakcheck that looks at nine processes, in a process of its own. */
const leakcheck = (options: string) =>
  Effect.sync(() => {
    const { VITEST: _, NODE_OPTIONS: given = "", ...environment } = process.env
    return spawnSync("npm", ["run", "leakcheck", "--", "--testNamePattern", "not by a purchase"], {
      cwd: fileURLToPath(new URL("../../..", import.meta.url)),
      encoding: "utf8",
      env: { ...environment, NO_COLOR: "1", NODE_OPTIONS: `${given} ${options}` }
    })
  })

describe("npm run leakcheck", { timeout: 120_000 }, () => {
  it.scopedLive("fails where one service logs one e-mail address, and says where it stands and whose it is", () =>
    Effect.gen(function* () {
      const { status, stderr, stdout } = yield* leakcheck(`--import data:text/javascript,${encodeURIComponent(plant)}`)
      strictEqual(status, 1)
      const said = stdout + stderr
      assertTrue(/logs of nine processes, purchases and refusals'? *│ *\d+ *│ *\d+ *│ *1\b/.test(said), said)
      assertTrue(said.includes("order confirmation sent to") && /canaries.*\n?.*email/.test(said), said)
    })
  )
})
