import { describe, it } from "@effect/vitest"
import { assertTrue, deepStrictEqual } from "@effect/vitest/utils"
import { HttpServer } from "@retro/frontend/HttpServer"
import { Context, Effect, Layer } from "effect"
import { spawn, spawnSync } from "node:child_process"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import * as Station from "../src/Station.ts"
import * as Shop from "./Shop.ts"

const installed = spawnSync("locust", ["--version"]).status === 0
if (!installed) console.warn("The tests of the shoppers are skipped: install Locust (apt-get install python3-locust).")

/** How a few seconds of hurried shoppers end, and what they say last. */
const load = (port: number, environment: Readonly<Record<string, string>> = {}) =>
  Effect.async<{ readonly status: number | null; readonly log: string }>((resume) => {
    const args = ["--users", "4", "--time", "4s", "--host", `http://127.0.0.1:${port}`]
    const child = spawn(process.execPath, ["scripts/load.mjs", ...args], {
      env: { ...process.env, WAIT_SECONDS: "0.1-0.3", PATIENCE_SECONDS: "1", MAX_P95_MS: "10000", ...environment }
    })
    let log = ""
    for (const output of [child.stdout, child.stderr]) output.on("data", (bytes) => (log += String(bytes)))
    child.once("close", (status) => resume(Effect.succeed({ status, log })))
    return Effect.sync(() => void child.kill("SIGKILL"))
  })

/** A website that is up, and answers every page with an error. */
const broken = Effect.acquireRelease(
  Effect.async<ReturnType<typeof createServer>>((resume) => {
    const server = createServer(({ url }, answer) => answer.writeHead(url === "/_healthz" ? 200 : 500).end())
    server.listen(0, "127.0.0.1", () => resume(Effect.succeed(server)))
  }),
  (server) => Effect.sync(() => server.closeAllConnections()).pipe(Effect.tap(() => server.close()))
).pipe(Effect.map((server) => (server.address() as AddressInfo).port))

describe.skipIf(!installed)("npm run load", { timeout: 90_000 }, () => {
  it.scopedLive("passes where every page is what it should be, fails where answers take too long", () =>
    Effect.gen(function* () {
      const { port } = Context.get(yield* Layer.build(Shop.layer(Station.fused)), HttpServer)
      const good = yield* load(port)
      deepStrictEqual([good.status, /passed: \d+ requests, none failed/.test(good.log)], [0, true])
      const slow = yield* load(port, { MAX_P95_MS: "0.1" })
      deepStrictEqual([slow.status, /failed: 95 of 100 answers took up to/.test(slow.log)], [1, true])
    })
  )

  it.scopedLive("fails where a request does, and where nobody answers", () =>
    Effect.gen(function* () {
      const wrong = yield* load(yield* broken)
      deepStrictEqual([wrong.status, /failed: \d+ of \d+ requests failed/.test(wrong.log)], [1, true])
      const nobody = yield* load(1)
      assertTrue(nobody.status !== 0 && nobody.log.includes("does not answer"))
    })
  )
})
