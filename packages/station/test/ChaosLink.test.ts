import { describe, it } from "@effect/vitest"
import { deepStrictEqual } from "@effect/vitest/utils"
import { Deferred, Effect, FiberId } from "effect"
import { type AddressInfo, connect, createServer, type Socket } from "node:net"
import * as Link from "../chaos/Link.ts"

/** A server that remembers what it hears and says it back, a link to it, and a client of the link. */
const wire = Effect.gen(function* () {
  const heard: Array<string> = []
  const server = createServer((socket) => {
    socket.on("error", () => undefined)
    socket.on("data", (bytes) => {
      heard.push(String(bytes))
      socket.write(bytes)
    })
  })
  const port = yield* Effect.acquireRelease(
    Effect.async<number>((resume) => {
      server.listen(0, "127.0.0.1", () => resume(Effect.succeed((server.address() as AddressInfo).port)))
    }),
    () => Effect.sync(() => server.close())
  )
  const link = yield* Link.make([port])
  const client = yield* Effect.acquireRelease(
    Effect.sync(() => connect(link.port, "127.0.0.1")),
    (client) => Effect.sync(() => client.destroy())
  )
  return { client, heard, link, ask: (text: string) => ask(client, text) }
})

/** Sends a text and waits until all of it came back, or until the connection is gone. */
const ask = (client: Socket, text: string) => {
  const answer = Deferred.unsafeMake<string>(FiberId.none)
  let back = ""
  client.on("data", (bytes) => {
    back += String(bytes)
    if (back.endsWith(text)) Deferred.unsafeDone(answer, Effect.succeed(back))
  })
  client.once("error", () => undefined)
  client.once("close", () => Deferred.unsafeDone(answer, Effect.succeed("gone")))
  client.write(text)
  return Deferred.await(answer)
}

const isStill = (answer: Effect.Effect<string>) =>
  Effect.timeoutTo(answer, { duration: "150 millis", onSuccess: () => false, onTimeout: () => true })

describe("a link of the chaos runs", () => {
  it.scopedLive("carries what it is given", () =>
    Effect.gen(function* () {
      const { ask } = yield* wire
      deepStrictEqual(yield* ask("hello"), "hello")
    })
  )

  it.scopedLive("silent: nothing arrives, and all of it in order once it opens", () =>
    Effect.gen(function* () {
      const { ask, client, heard, link } = yield* wire
      yield* ask("one")
      link.set("silent")
      client.write("two")
      const answer = ask("three")
      deepStrictEqual([yield* isStill(answer), heard.join("")], [true, "one"])
      link.set("open")
      yield* answer
      deepStrictEqual(heard.join(""), "onetwothree")
    })
  )

  it.scopedLive("deaf: the request arrives, the answer does not", () =>
    Effect.gen(function* () {
      const { ask, heard, link } = yield* wire
      yield* ask("one")
      link.set("deaf")
      const answer = ask("two")
      deepStrictEqual([yield* isStill(answer), heard.join("")], [true, "onetwo"])
    })
  )

  it.scopedLive("cut: connections are reset", () =>
    Effect.gen(function* () {
      const { ask, link } = yield* wire
      yield* ask("one")
      link.set("cut")
      deepStrictEqual(yield* ask("two"), "gone")
    })
  )

  it.scopedLive("slow: everything arrives that late", () =>
    Effect.gen(function* () {
      const { ask, link } = yield* wire
      yield* ask("one")
      link.set({ slow: 200 })
      const begun = performance.now()
      yield* ask("two")
      deepStrictEqual(performance.now() - begun >= 395, true)
    })
  )
})
