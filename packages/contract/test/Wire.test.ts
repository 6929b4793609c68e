import { describe, it } from "@effect/vitest"
import { deepStrictEqual } from "@effect/vitest/utils"
import { Arbitrary, FastCheck, Schema } from "effect"
import { contracts } from "./contracts.ts"

for (const contract of contracts) {
  describe(contract.key, () => {
    it("has an rpc for every method of its proto", () =>
      deepStrictEqual([...contract.group.requests.keys()].sort(), Object.keys(contract.wire).sort()))

    for (const rpc of contract.group.requests.values()) {
      const method = contract.wire[rpc._tag]!
      const sides = [
        ["payload", rpc.payloadSchema, (x: unknown) => method.requestDeserialize(method.requestSerialize(x))],
        ["success", rpc.successSchema, (x: unknown) => method.responseDeserialize(method.responseSerialize(x))]
      ] as const
      for (const [side, schema, throughBytes] of sides) {
        it(`${rpc._tag} ${side} survives the wire`, () => {
          const codec = schema as unknown as Schema.Schema<unknown, unknown>
          const [encode, decode] = [Schema.encodeSync(codec), Schema.decodeUnknownSync(codec)]
          FastCheck.assert(
            FastCheck.property(Arbitrary.make(codec), (value) =>
              deepStrictEqual(encode(decode(throughBytes(encode(value)))), encode(value))
            ),
            { numRuns: 50 }
          )
        })
      }
    }
  })
}
