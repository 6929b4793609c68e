import { describe, it } from "@effect/vitest"
import { assertTrue, deepStrictEqual, strictEqual } from "@effect/vitest/utils"
import { Metadata } from "@grpc/grpc-js"
import { BadRequest, CallFailed, failuresOf, PeerRefused } from "@retro/contract/Contract"
import { codes, type FailureClass } from "@retro/contract/Status"
import * as Json from "@retro/domain/Json"
import { Arbitrary, FastCheck, Option, Schema } from "effect"
import { readFileSync } from "node:fs"
import type { IncomingHttpHeaders } from "node:http2"
import { contracts } from "../../contract/test/contracts.ts"
import * as Refusal from "../src/Refusal.ts"

const rpcs = contracts.flatMap((contract) => [...contract.group.requests.values()])
const failures = new Map(rpcs.flatMap((rpc) => failuresOf(rpc.errorSchema)).map((failure) => [failure._tag, failure]))
const detailsKey = "grpc-status-details-bin"

const asSchema = (failure: FailureClass) => failure as unknown as Schema.Schema<Error>
const plain = (error: unknown) => ({ ...(error as object) })

/** As a socket carries it: trailers as texts, binary ones in base64. */
const throughTrailers = ({ code, metadata }: Refusal.Refusal) => ({
  code,
  metadata: Metadata.fromHttp2Headers((metadata?.toHttp2Headers() ?? {}) as IncomingHttpHeaders)
})

const through = (codec: Refusal.Codec, error: unknown) =>
  codec.decode("/path", throughTrailers(Option.getOrThrow(codec.encode(error))))

describe("an error of a contract", () => {
  for (const contract of contracts) {
    for (const rpc of contract.group.requests.values()) {
      const codec = Refusal.codec(rpc.errorSchema)
      for (const failure of failuresOf(rpc.errorSchema)) {
        it(`${rpc._tag}: ${failure._tag} comes back with its fields, whatever they hold`, () =>
          FastCheck.assert(
            FastCheck.property(Arbitrary.make(asSchema(failure)), (error) => {
              const back = through(codec, error)
              assertTrue(Schema.is(asSchema(failure))(back))
              deepStrictEqual(plain(back), plain(error))
            }),
            { numRuns: 50 }
          ))
      }
    }
  }

  it("of another rpc does not leave", () => {
    const getCart = rpcs.find((rpc) => rpc._tag === "getCart")!
    const stranger = FastCheck.sample(Arbitrary.make(asSchema(failures.get("CardExpired")!)), 1)[0]
    assertTrue(Option.isNone(Refusal.codec(getCart.errorSchema).encode(stranger)))
  })
})

describe("an error of every call", () => {
  const codec = Refusal.codec(Schema.Never)

  it.prop("BadRequest comes back with its fields", [BadRequest], ([error]) =>
    deepStrictEqual(plain(through(codec, error)), plain(error))
  )

  it.prop("PeerRefused comes back with its code and reason", [PeerRefused], ([error]) => {
    const code = (Math.abs(Math.trunc(error.code)) % 16) + 1
    const { reason } = error
    deepStrictEqual(plain(through(codec, new PeerRefused({ path: "/downstream", code, reason }))), {
      ...new PeerRefused({ path: "/path", code, reason })
    })
  })

  it.each([codes.UNAVAILABLE, codes.DEADLINE_EXCEEDED, codes.CANCELLED, codes.INTERNAL, codes.UNKNOWN])(
    "CallFailed comes back with its code %i and without the path of the one that failed",
    (code) =>
      deepStrictEqual(plain(through(codec, new CallFailed({ path: "/downstream", code }))), {
        ...new CallFailed({ path: "/path", code })
      })
  )
})

describe("details that are not ours", () => {
  const codec = Refusal.codec(Schema.Never)
  const decode = (code: number, details: Buffer) => {
    const metadata = new Metadata()
    metadata.set(detailsKey, details)
    return plain(codec.decode("/path", { code, metadata }))
  }

  it.prop("are no verdict or a refusal by their code, never an exception", [FastCheck.uint8Array()], ([bytes]) => {
    const { _tag } = { _tag: "", ...decode(codes.UNAVAILABLE, Buffer.from(bytes)) }
    assertTrue(["CallFailed", "PeerRefused", "BadRequest"].includes(_tag))
  })

  it("leave a refusal where the code says so", () =>
    deepStrictEqual(decode(codes.PERMISSION_DENIED, Buffer.from("nonsense")), {
      ...new PeerRefused({ path: "/path", code: codes.PERMISSION_DENIED, reason: "" })
    }))
})

/** An error as some version of ours sent it: code and grpc-status-details-bin in base64, and the fields it stood for. */
interface Fixture {
  readonly code: number
  readonly details: string
  readonly fields: Record<string, unknown>
}

const fixtures: Record<string, Fixture> = JSON.parse(
  readFileSync(new URL("fixtures/errors.json", import.meta.url), "utf8")
)

/**
 * What was ever sent goes on being understood: peers of two versions meet in every rolling deploy, and journals keep
 * errors. A new error gets a line in fixtures/errors.json: run this test, it prints the line. A line is never
 * changed, and goes only with its error; a field added to an error must be optional, so that its old line still decodes.
 */
describe("a committed encoding", () => {
  for (const [tag, failure] of failures) {
    const codec = Refusal.codec(asSchema(failure))
    const json = Json.codec(asSchema(failure))

    it(`of ${tag} is there and means what it meant`, () => {
      const fixture = fixtures[tag]
      if (fixture === undefined) throw new Error(`fixtures/errors.json has no ${tag}. Add:\n${lineFor(failure)}`)
      const metadata = new Metadata()
      metadata.set(detailsKey, Buffer.from(fixture.details, "base64"))
      const error = codec.decode("/path", { code: fixture.code, metadata })
      assertTrue(Schema.is(asSchema(failure))(error), `the committed ${tag} is no ${tag} any more`)
      deepStrictEqual(plain(Schema.encodeSync(json)(error)), { _tag: tag, ...fixture.fields })
      strictEqual(fixture.code, codes[failure.status.grpc])
    })
  }

  it("is of an error that some contract declares", () =>
    deepStrictEqual(
      Object.keys(fixtures).filter((tag) => !failures.has(tag)),
      []
    ))

  const lineFor = (failure: FailureClass): string => {
    const [error] = FastCheck.sample(Arbitrary.make(asSchema(failure)), { numRuns: 1, seed: 7 })
    const { code, metadata } = Option.getOrThrow(Refusal.codec(asSchema(failure)).encode(error))
    const { _tag, ...fields } = plain(Schema.encodeSync(Json.codec(asSchema(failure)))(error!)) as Record<
      string,
      unknown
    >
    const details = Buffer.from(metadata!.get(detailsKey)[0]!).toString("base64")
    return `  ${JSON.stringify(failure._tag)}: ${JSON.stringify({ code, details, fields })}`
  }
})
