import { describe, it } from "@effect/vitest"
import { assertTrue, deepStrictEqual, strictEqual } from "@effect/vitest/utils"
import { Arbitrary, FastCheck, Schema } from "effect"
import { BadRequest, CallFailed, failuresOf, PeerRefused } from "../src/Contract.ts"
import { codes, type FailureClass } from "../src/Status.ts"
import { contracts } from "./contracts.ts"

const rpcs = contracts.flatMap((contract) => [...contract.group.requests.values()])
const declared = new Set([BadRequest, CallFailed, PeerRefused, ...rpcs.flatMap((rpc) => failuresOf(rpc.errorSchema))])

describe.each([...declared].map((failure) => [failure._tag, failure] as const))("%s", (tag, failure: FailureClass) => {
  const arbitrary = Arbitrary.make(failure as unknown as Schema.Schema<Error>)

  it("has the only class of its tag", () => strictEqual([...declared].filter((other) => other._tag === tag).length, 1))

  it("has a gRPC status and an HTTP status that says error", () => {
    assertTrue(Object.hasOwn(codes, failure.status.grpc))
    assertTrue(failure.status.http >= 400 && failure.status.http < 600)
  })

  it("is UNAVAILABLE over gRPC exactly where a page says 503", () =>
    strictEqual(failure.status.grpc === "UNAVAILABLE", failure.status.http === 503))

  it("holds nothing that JSON cannot, such as a bigint", () =>
    FastCheck.assert(
      FastCheck.property(arbitrary, (error) => {
        const { _tag, ...fields } = JSON.parse(JSON.stringify({ ...error }))
        strictEqual(_tag, tag)
        deepStrictEqual(
          Object.keys(fields).sort(),
          Object.keys(failure.fields)
            .filter((name) => name !== "_tag")
            .sort()
        )
      }),
      { numRuns: 20 }
    ))
})
