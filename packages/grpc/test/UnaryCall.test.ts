import { describe, it } from "@effect/vitest"
import { assertEquals } from "@effect/vitest/utils"
import * as grpc from "@grpc/grpc-js"
import { Deferred, Effect } from "effect"
import { setImmediate } from "node:timers/promises"
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import * as UnaryCall from "../src/UnaryCall.ts"

const plain = (bytes: Buffer) => bytes
const refuse = (): never => {
  throw new Error("no message")
}
const echo = {
  path: "/test/Echo",
  requestStream: false,
  responseStream: false,
  requestSerialize: plain,
  requestDeserialize: plain,
  responseSerialize: plain,
  responseDeserialize: plain
} as const

/** A channel to a server that answers so. */
const channelTo = Effect.fnUntraced(function* (answer: grpc.handleUnaryCall<Buffer, Buffer>) {
  const server = new grpc.Server()
  server.addService({ echo }, { echo: answer })
  yield* Effect.addFinalizer(() => Effect.sync(() => server.forceShutdown()))
  const port = yield* Effect.promise(
    () =>
      new Promise<number>((resolve) =>
        server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (_, port) => resolve(port))
      )
  )
  const client = yield* Effect.acquireRelease(
    Effect.sync(() => new grpc.Client(`127.0.0.1:${port}`, grpc.credentials.createInsecure())),
    (client) => Effect.sync(() => client.close())
  )
  return client.getChannel()
})

setFlagsFromString("--expose-gc")
const collectGarbage = runInNewContext("gc") as () => void

/** The status that a call without a deadline ends with; 0 where it is answered. */
const codeOf = (channel: grpc.ChannelInterface, method: grpc.MethodDefinition<Buffer, Buffer>) =>
  Effect.async<number>((resume) => {
    const over: UnaryCall.Over = (refusal) => resume(Effect.succeed(refusal?.code ?? 0))
    return Effect.sync(UnaryCall.start(channel, method, Buffer.of(1), new grpc.Metadata(), Infinity, over))
  })

describe("a call on the channel", () => {
  for (const [what, method, code] of [
    ["is answered", echo, 0],
    ["fails as INTERNAL when its response is no message", { ...echo, responseDeserialize: refuse }, 13],
    ["fails as INTERNAL when its request is no message", { ...echo, requestSerialize: refuse }, 13]
  ] as const) {
    it.scopedLive(what, () =>
      Effect.gen(function* () {
        const channel = yield* channelTo(({ request }, reply) => reply(null, request))
        assertEquals(yield* codeOf(channel, method), code)
      })
    )
  }

  it.scopedLive("that is cancelled is cancelled at its server", () =>
    Effect.gen(function* () {
      const begun = yield* Deferred.make<void>()
      const cancelled = yield* Deferred.make<void>()
      const channel = yield* channelTo((call) => {
        call.on("cancelled", () => Deferred.unsafeDone(cancelled, Effect.void))
        Deferred.unsafeDone(begun, Effect.void)
      })
      yield* Effect.raceFirst(codeOf(channel, echo), Deferred.await(begun))
      yield* Deferred.await(cancelled)
    })
  )

  it.scopedLive("that is over holds on to nobody who waited for it, whoever holds on to the call", () =>
    Effect.gen(function* () {
      const channel = yield* channelTo(({ request }, reply) => reply(null, request))
      let waiter: WeakRef<UnaryCall.Over> | undefined
      const cancel = yield* Effect.async<UnaryCall.Cancel>((resume) => {
        const over: UnaryCall.Over = () => resume(Effect.sync(() => cancel))
        waiter = new WeakRef(over)
        const cancel = UnaryCall.start(channel, echo, Buffer.of(1), new grpc.Metadata(), Infinity, over)
      })
      // What is referred to weakly is kept to the end of the turn.
      yield* Effect.promise(() => setImmediate())
      collectGarbage()
      assertEquals(waiter?.deref(), undefined)
      cancel()
    })
  )
})
