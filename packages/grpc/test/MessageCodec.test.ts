import { describe, it } from "@effect/vitest"
import { assertTrue, deepStrictEqual, strictEqual } from "@effect/vitest/utils"
import * as MessageCodec from "@retro/domain/MessageCodec"
import { Arbitrary, Either, FastCheck, Schema } from "effect"
import { contracts } from "../../contract/test/contracts.ts"

const schemas = contracts.flatMap((contract) =>
  [...contract.group.requests.values()].flatMap((rpc) => [
    [`the request of ${rpc._tag}`, rpc.payloadSchema as unknown as Schema.Schema.AnyNoContext] as const,
    [`the answer of ${rpc._tag}`, rpc.successSchema as unknown as Schema.Schema.AnyNoContext] as const
  ])
)

const verdict = (result: Either.Either<unknown, { readonly message: string }>) =>
  Either.mapLeft(result, ({ message }) => message)

/** A message, and the same with one of its parts replaced: by nothing, by another type, by more than fits. */
const damaged = (message: unknown) =>
  FastCheck.tuple(FastCheck.nat(), FastCheck.anything({ withBigInt: true })).map(([place, part]) =>
    replaced(message, { left: place % (1 + sizeOf(message)) }, part)
  )

const sizeOf = (value: unknown): number =>
  typeof value === "object" && value !== null
    ? Object.values(value).reduce((sum: number, each) => sum + sizeOf(each), 1)
    : 1

const replaced = (value: unknown, place: { left: number }, part: unknown): unknown => {
  if (place.left-- === 0) return part
  if (Array.isArray(value)) return value.map((each) => replaced(each, place, part))
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, replaced(each, place, part)]))
}

describe("a compiled codec", () => {
  for (const [name, schema] of schemas) {
    const values = Arbitrary.make(schema)
    const encode = Schema.encodeUnknownEither(schema)
    const decode = Schema.decodeUnknownEither(schema, { errors: "all" })

    it(`reads ${name} as its schema does, whole or damaged`, () => {
      const quick = MessageCodec.decoder(schema)
      FastCheck.assert(
        FastCheck.property(
          values.chain((value) => {
            const message = Either.getOrThrow(encode(value))
            return FastCheck.oneof(FastCheck.constant(message), damaged(message))
          }),
          (message) => deepStrictEqual(verdict(quick(message)), verdict(decode(message)))
        ),
        { numRuns: 40 }
      )
    })

    it(`writes ${name} as its schema does, whole or damaged`, () => {
      const quick = MessageCodec.encoder(schema)
      FastCheck.assert(
        FastCheck.property(
          values.chain((value) => FastCheck.oneof(FastCheck.constant(value), damaged(value))),
          (value) => deepStrictEqual(verdict(quick(value)), verdict(encode(value)))
        ),
        { numRuns: 40 }
      )
    })
  }

  it("asks the schema of what it was not compiled for", () => {
    const schema = Schema.Struct({
      day: Schema.Date,
      rest: Schema.Record({ key: Schema.String, value: Schema.Number }),
      pair: Schema.Tuple(Schema.String, Schema.Number),
      name: Schema.propertySignature(Schema.String).pipe(Schema.fromKey("title")),
      spare: Schema.optional(Schema.Int)
    })
    const message: typeof schema.Encoded = {
      day: "2026-11-27T00:00:00.000Z",
      rest: { a: 1 },
      pair: ["a", 1],
      title: "b"
    }
    const value = MessageCodec.decoder(schema)(message)
    deepStrictEqual(value, Schema.decodeUnknownEither(schema)(message))
    deepStrictEqual(Either.getOrThrow(Either.flatMap(value, MessageCodec.encoder(schema))), message)
  })

  it("names every field that is wrong", () => {
    const result = MessageCodec.decoder(Schema.Struct({ a: Schema.String, b: Schema.Int }))({ a: 1, b: 0.5 })
    assertTrue(Either.isLeft(result))
    strictEqual(result.left.message.match(/\["[ab]"\]/g)?.length, 2)
  })
})
