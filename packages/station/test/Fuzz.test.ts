import { describe, it } from "@effect/vitest"
import { assertTrue, deepStrictEqual } from "@effect/vitest/utils"
import { Effect } from "effect"
import * as Fuzz from "../fuzz/Fuzz.ts"
import * as GrpcCases from "../fuzz/GrpcCases.ts"
import * as HttpCases from "../fuzz/HttpCases.ts"

describe("hostile input", { timeout: 240_000 }, () => {
  it("comes to every route and every rpc", () => {
    assertTrue(HttpCases.routes.length >= 26 && HttpCases.routes.includes("/cart/checkout"))
    assertTrue(GrpcCases.count >= 26)
  })

  it.scopedLive("breaks nothing: no crash, no 500, no INTERNAL, no error in the log, no stall, no growth", () =>
    Effect.gen(function* () {
      const seed = Date.now() % 100_000
      const { answers, broken, busy, heap, late } = yield* Fuzz.run({ cases: 500, seed, say: () => undefined })
      const grown = ((heap[1] - heap[0]) / 1e6).toFixed(1)
      console.log(
        `fuzz, seed ${seed}: computed ${busy.toFixed(0)} ms at a time at most (late ${late.toFixed(0)} ms), heap grew ${grown} MB`
      )
      deepStrictEqual({ seed, broken }, { seed, broken: [] })
      for (const answer of ["HTTP 200", "HTTP 404", "gRPC 0", "gRPC 3"]) assertTrue((answers.get(answer) ?? 0) > 0)
    })
  )
})
