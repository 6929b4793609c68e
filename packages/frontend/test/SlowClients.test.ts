import { connect } from "node:net"
import { describe, it } from "@effect/vitest"
import { assertTrue, deepStrictEqual, strictEqual } from "@effect/vitest/utils"
import { Duration, Effect, Schedule } from "effect"
import { browser, open, type Shop } from "./Browser.ts"

/** What a connection that sends these bytes, and then a little more each second, hears before it is cut off, and when. */
const trickle = ({ url }: Shop, head: string, more: string) =>
  Effect.timed(
    Effect.async<string>((resume) => {
      const { hostname, port } = new URL(url)
      let heard = ""
      const socket = connect(Number(port), hostname, () => socket.write(head))
      const dripping = setInterval(() => socket.writable && socket.write(more), 1_000)
      socket.on("data", (chunk) => {
        heard += String(chunk)
      })
      socket.on("error", () => {})
      socket.on("close", () => {
        clearInterval(dripping)
        resume(Effect.succeed(heard))
      })
      return Effect.sync(() => {
        clearInterval(dripping)
        socket.destroy()
      })
    })
  )

const patience = { timeout: 60_000 }

describe.concurrent("D33: who sends slowly", () => {
  it.scopedLive(
    "is cut off, however often a byte comes: a head after five seconds, a body after fifteen",
    () =>
      Effect.gen(function* () {
        const shop = yield* open()
        const post = "POST /cart HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        const [[headTook, head], [bodyTook, body]] = yield* Effect.all(
          [
            trickle(shop, "GET / HTTP/1.1\r\nHost: a\r\n", "X: y\r\n"),
            trickle(shop, `${post}Content-Length: 9999\r\n\r\n`, "x")
          ],
          { concurrency: "unbounded" }
        )
        for (const answer of [head, body]) assertTrue(answer === "" || answer.startsWith("HTTP/1.1 408"), answer)
        assertTrue(Duration.between(headTook, { minimum: "4 seconds", maximum: "14 seconds" }))
        assertTrue(Duration.between(bodyTook, { minimum: "14 seconds", maximum: "40 seconds" }))
      }),
    patience
  )

  it.scopedLive(
    "keeps nobody else waiting: with 300 half-sent requests open, pages are served",
    () =>
      Effect.gen(function* () {
        const shop = yield* open()
        for (let count = 0; count < 300; count++)
          yield* Effect.forkScoped(trickle(shop, "GET / HTTP/1.1\r\nHost: a\r\n", "X: y\r\n"))
        const answers = yield* Effect.repeat(browser(shop).get("/"), {
          schedule: Schedule.collectAllOutputs(Schedule.recurs(9))
        })
        strictEqual(answers.length, 9)
        deepStrictEqual((yield* browser(shop).get("/")).status, 200)
      }),
    patience
  )
})
