import { describe, it } from "@effect/vitest"
import { assertEquals, assertTrue, deepStrictEqual } from "@effect/vitest/utils"
import { Effect, Logger, Option, Redacted } from "effect"
import * as LogLine from "../src/LogLine.ts"

/** The lines that an effect logs. */
const linesOf = (effect: Effect.Effect<void>) =>
  Effect.suspend(() => {
    const lines: Array<LogLine.LogLine> = []
    const logger = Logger.make<unknown, void>((entry) => void lines.push(LogLine.make("cartservice", entry)))
    return Effect.as(Effect.provide(effect, Logger.replace(Logger.defaultLogger, logger)), lines)
  })

describe("a line of the log", () => {
  it.effect("has the trace and the span that it was written in", () =>
    Effect.gen(function* () {
      const [line] = yield* linesOf(
        Effect.gen(function* () {
          const { spanId, traceId } = yield* Effect.orDie(Effect.currentSpan)
          yield* Effect.logInfo("in", { spanId, traceId })
        }).pipe(Effect.withSpan("page"))
      )
      assertTrue(line?.trace_id !== undefined && line.span_id !== undefined)
      deepStrictEqual(line.attributes, { spanId: line.span_id, traceId: line.trace_id })
    })
  )

  it.effect("is one line of JSON whatever is logged, and keeps what is redacted to itself", () =>
    Effect.gen(function* () {
      const circular: Record<string, unknown> = { units: 2n ** 60n, key: Redacted.make("hunter2") }
      circular["self"] = circular
      const lines = yield* linesOf(
        Effect.logWarning("two\nlines", circular, [1n], Redacted.make("hunter2")).pipe(
          Effect.annotateLogs({ money: 1n, count: 3 })
        )
      )
      const json = LogLine.toJson(lines[0]!)
      assertEquals(json.split("\n").length, 1)
      assertTrue(!json.includes("hunter2"))
      deepStrictEqual(Option.getOrThrow(LogLine.fromJson(json)), lines[0])
      assertEquals(lines[0]?.attributes?.["count"], 3)
      assertEquals(lines[0]?.attributes?.["units"], String(2n ** 60n))
    })
  )

  it("is for people: time, level, service, message, attributes, and a cause below", () => {
    const line = new LogLine.LogLine({
      time: "2026-11-22T17:34:13.785Z",
      level: "INFO",
      service: "cartservice",
      message: "serving",
      attributes: { port: 7070 },
      cause: "Error: boom"
    })
    assertEquals(LogLine.toText(line, LogLine.plain), "17:34:13.785 INFO  cartservice serving port=7070\nError: boom")
  })

  it("of anybody else is none of ours", () => {
    assertTrue(Option.isNone(LogLine.fromJson("Error: boom")))
    assertTrue(Option.isNone(LogLine.fromJson('{"msg":"hello"}')))
  })
})
