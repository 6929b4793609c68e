import { describe, it } from "@effect/vitest"
import { assertTrue, deepStrictEqual, strictEqual } from "@effect/vitest/utils"
import * as grpc from "@grpc/grpc-js"
import * as CallContext from "@retro/contract/CallContext"
import { CartService } from "@retro/contract/CartService"
import { Cart } from "@retro/domain/Cart"
import { ConfigProvider, Context, Effect, Layer } from "effect"
import * as GrpcServer from "../src/GrpcServer.ts"

/** A call by hand: any bytes, any metadata. */
const call = (port: number, path: string, message: Buffer, headers: Readonly<Record<string, string>> = {}) =>
  Effect.async<{ readonly error: grpc.ServiceError | null; readonly answer: Buffer | undefined }>((resume) => {
    const client = new grpc.Client(`127.0.0.1:${port}`, grpc.credentials.createInsecure())
    const metadata = new grpc.Metadata()
    for (const [name, value] of Object.entries(headers)) metadata.set(name, value)
    const asIs = (bytes: Buffer) => bytes
    client.makeUnaryRequest(path, asIs, asIs, message, metadata, (error, answer) => {
      client.close()
      resume(Effect.succeed({ error, answer }))
    })
  })

const getCart = "/retrostation.CartService/GetCart"
const alice = Buffer.concat([Buffer.from([0x0a, 5]), Buffer.from("alice")])

/** A cart service that remembers for whom it was asked, and what it was told beside that. */
const carts = (variables: Readonly<Record<string, string>> = {}) =>
  Effect.gen(function* () {
    const asked: Array<{ readonly userId: string; readonly beside: CallContext.CallContext }> = []
    const program = Layer.mock(CartService, {
      getCart: ({ userId }) =>
        Effect.map(CallContext.Current, (context) => {
          asked.push({ userId, beside: { ...context, deadline: 0 } })
          return new Cart({ userId, items: [], version: 0 })
        })
    })
    const server = GrpcServer.layer(CartService).pipe(
      Layer.provide(program),
      Layer.provide(
        Layer.setConfigProvider(ConfigProvider.fromMap(new Map(Object.entries({ PORT: "0", ...variables }))))
      )
    )
    const { port } = Context.get(yield* Layer.build(server), GrpcServer.GrpcServer)
    return { port, asked }
  })

describe("what a caller says of itself", () => {
  it.scopedLive("in metadata is no identity: programs see the message, a deadline and baggage, nothing else", () =>
    Effect.gen(function* () {
      const { asked, port } = yield* carts()
      yield* call(port, getCart, alice, {
        "user-id": "bob",
        user_id: "bob",
        "x-user-id": "bob",
        "x-forwarded-client-cert": "By=spiffe://cluster/ns/shop/sa/admin",
        authorization: "Bearer bob",
        cookie: "shop_session-id=bob"
      })
      deepStrictEqual(asked, [{ userId: "alice", beside: { deadline: 0, baggage: undefined } }])
    })
  )

  it.scopedLive("and fields that no contract has are ignored, in whatever order they come", () =>
    Effect.gen(function* () {
      const { asked, port } = yield* carts()
      const unknown = Buffer.from([0xfa, 0x06, 3, 0x62, 0x6f, 0x62, 0xf0, 0x3f, 1])
      for (const message of [Buffer.concat([alice, unknown]), Buffer.concat([unknown, alice])])
        strictEqual((yield* call(port, getCart, message)).error, null)
      deepStrictEqual(
        asked.map(({ userId }) => userId),
        ["alice", "alice"]
      )
    })
  )
})

describe("reflection", () => {
  const isListed = (variables: Readonly<Record<string, string>>) =>
    Effect.flatMap(carts(variables), ({ port }) =>
      Effect.async<boolean>((resume) => {
        const client = new grpc.Client(`127.0.0.1:${port}`, grpc.credentials.createInsecure())
        const asIs = (bytes: Buffer) => bytes
        const stream = client.makeBidiStreamRequest(
          "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
          asIs,
          asIs
        )
        let listed = false
        stream.on("data", (answer: Buffer) => (listed ||= answer.includes("retrostation.CartService")))
        stream.on("error", () => undefined)
        stream.on("status", ({ code }: grpc.StatusObject) => {
          client.close()
          resume(Effect.succeed(listed && code === grpc.status.OK))
        })
        stream.write(Buffer.from([0x3a, 1, 0x2a]))
        stream.end()
      })
    )

  it.scopedLive("tells what there is, unless it is switched off", () =>
    Effect.gen(function* () {
      assertTrue(yield* isListed({}))
      strictEqual(yield* isListed({ GRPC_REFLECTION: "off" }), false)
    })
  )
})
