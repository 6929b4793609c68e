import { describe, it } from "@effect/vitest"
import { assertEquals, assertTrue, deepStrictEqual } from "@effect/vitest/utils"
import { Data, Effect, FastCheck, Layer, Option, Tracer } from "effect"
import * as RecentSpans from "../src/RecentSpans.ts"
import * as Sampler from "../src/Sampler.ts"
import * as Spans from "../src/Spans.ts"
import * as SpanTracer from "../src/SpanTracer.ts"
import * as TraceContext from "../src/TraceContext.ts"

class Refused extends Data.TaggedError("Refused")<{ readonly why: string }> {}

const traced = (sampler: Sampler.Sampler, capacity = 100) => {
  const recent = RecentSpans.make(capacity)
  return { ...recent, layer: Layer.setTracer(SpanTracer.make("shop", { sampler, exporter: recent.add })) }
}

const inner = Effect.void.pipe(Spans.around(() => ({ name: "inner", kind: "internal" })))
const outer = inner.pipe(Spans.around(() => ({ name: "outer", kind: "server", attributes: [["a", 1]] })))

describe("a span", () => {
  it.effect("knows its parent, its service and what it was told", () => {
    const { all, layer } = traced(Sampler.always)
    return Effect.gen(function* () {
      yield* outer
      const [child, parent] = yield* all
      assertTrue(child !== undefined && parent !== undefined)
      deepStrictEqual([child.name, parent.name], ["inner", "outer"])
      assertEquals(child.parentSpanId, parent.spanId)
      assertEquals(child.traceId, parent.traceId)
      assertEquals(parent.parentSpanId, undefined)
      deepStrictEqual([...parent.attributes], [["a", 1]])
      deepStrictEqual([parent.service, parent.kind], ["shop", "server"])
    }).pipe(Effect.provide(layer))
  })

  it.effect("names its error by its tag, and holds nothing of what it was about", () => {
    const { all, layer } = traced(Sampler.always)
    return Effect.gen(function* () {
      const ends = [
        Effect.fail(new Refused({ why: "zz@example.org" })),
        Effect.die(new TypeError("zz@example.org")),
        Effect.interrupt
      ]
      for (const end of ends) yield* Effect.exit(Spans.around(() => ({ name: "fails", kind: "internal" }))(end))
      yield* Effect.exit(Effect.withSpan(Effect.fail(new Refused({ why: "zz@example.org" })), "fails"))
      const ended = yield* all
      deepStrictEqual(
        ended.map(({ attributes, errorType, isError }) => [errorType, attributes.get("error.type"), isError]),
        [
          ["Refused", "Refused", true],
          ["TypeError", "TypeError", true],
          ["Interrupted", "Interrupted", false],
          ["Refused", "Refused", true]
        ]
      )
      assertTrue(!JSON.stringify(ended, (_, value) => (typeof value === "bigint" ? `${value}` : value)).includes("zz@"))
    }).pipe(Effect.provide(layer))
  })

  it.effect(
    "has an exception for what nobody expected, with where it came from and not what it said; none for a refusal",
    () => {
      const { all, layer } = traced(Sampler.always)
      return Effect.gen(function* () {
        const ends = [
          Effect.fail(new Refused({ why: "sold" })),
          Effect.die(new TypeError("zz@example.org")),
          Effect.die(1)
        ]
        for (const end of ends) yield* Effect.exit(Spans.around(() => ({ name: "fails", kind: "internal" }))(end))
        const [refused, died, odd] = (yield* all).map(({ events }) => events)
        deepStrictEqual([refused?.length, died?.length, odd?.length], [0, 1, 1])
        const [event] = died ?? []
        deepStrictEqual([event?.name, event?.attributes.get("exception.type")], ["exception", "TypeError"])
        assertTrue(/^ {4}at .*SpanTracer\.test/.test(String(event?.attributes.get("exception.stacktrace"))))
        deepStrictEqual([...(odd?.[0]?.attributes ?? [])], [["exception.type", "_OTHER"]])
      }).pipe(Effect.provide(layer))
    }
  )

  it.effect("hands on what others say of its trace, sampled or not", () =>
    Effect.gen(function* () {
      const caller = TraceContext.fromHeader(`00-${"a".repeat(32)}-${"b".repeat(16)}-01`, "vendor=1")
      for (const sampler of [Sampler.always, Sampler.never]) {
        const { all, layer } = traced(sampler)
        const seen = yield* Effect.serviceOption(Tracer.ParentSpan).pipe(
          Spans.around(() => ({ name: "inner", kind: "internal" })),
          Spans.around(() => ({ name: "outer", kind: "server", parent: caller })),
          Effect.provide(layer)
        )
        deepStrictEqual(Option.map(seen, TraceContext.stateOf), Option.some("vendor=1"))
        assertTrue((yield* all).every(({ traceState }) => traceState === "vendor=1"))
      }
    })
  )

  it.effect("has an attribute's type where its value could say anything", () => {
    const { all, layer } = traced(Sampler.always)
    return Effect.gen(function* () {
      yield* Effect.withSpan(Effect.void, "s", { attributes: { card: { number: "4" } } })
      deepStrictEqual([...((yield* all)[0]?.attributes ?? [])], [["card", "object"]])
    }).pipe(Effect.provide(layer))
  })

  it.effect("is none where nobody samples, but its trace has ids", () => {
    const { all, layer } = traced(Sampler.never)
    return Effect.gen(function* () {
      const seen = yield* Effect.serviceOption(Tracer.ParentSpan).pipe(
        Spans.around(() => ({ name: "outer", kind: "server" }))
      )
      assertTrue(Option.exists(seen, ({ sampled, traceId }) => !sampled && /^[\da-f]{32}$/.test(traceId)))
      deepStrictEqual(yield* all, [])
    }).pipe(Effect.provide(layer))
  })

  it.effect("is not asked for where tracing is off", () => {
    const names: Array<string> = []
    const tracer = SpanTracer.make("shop", { sampler: Sampler.always, exporter: ({ name }) => names.push(name) })
    return Effect.gen(function* () {
      yield* outer
      deepStrictEqual(names, [])
      yield* Effect.withTracerEnabled(outer, true)
      deepStrictEqual(names, ["inner", "outer"])
    }).pipe(Effect.withTracerEnabled(false), Effect.withTracer(tracer))
  })

  it.effect("in memory: all of it, however long, and of the next one in its place", () => {
    const { all, layer } = traced(Sampler.always, 1)
    return Effect.gen(function* () {
      // One that died has a stack trace, and is too long for its place; so is the first text. The others have room there.
      const dies = Effect.die(new TypeError("x"))
      for (const [text, effect] of [
        ["é".repeat(2_000), Effect.void],
        ["short €", Effect.void],
        ["died", dies],
        ["é".repeat(200), Effect.void]
      ] as const) {
        yield* Effect.exit(Effect.withSpan(effect, "s", { attributes: { text } }))
        const [span, ...others] = yield* all
        deepStrictEqual([span?.attributes.get("text"), others.length], [text, 0])
        const died = effect === dies
        deepStrictEqual(
          [span?.errorType, span?.events[0]?.name],
          died ? ["TypeError", "exception"] : [undefined, undefined]
        )
        assertTrue(span !== undefined && span.endNanos >= span.startNanos && span.parentSpanId === undefined)
      }
    }).pipe(Effect.provide(layer))
  })

  it.effect("in memory: the last ones, in their order", () => {
    const { all, layer } = traced(Sampler.always, 3)
    return Effect.gen(function* () {
      for (const name of ["a", "b", "c", "d", "e"]) yield* Effect.withSpan(Effect.void, name)
      deepStrictEqual(
        (yield* all).map(({ name }) => name),
        ["c", "d", "e"]
      )
    }).pipe(Effect.provide(layer))
  })
})

describe("sampling", () => {
  const id = FastCheck.stringMatching(/^[0-9a-f]{32}$/)

  it("follows the caller, whatever the trace's id", () => {
    FastCheck.assert(
      FastCheck.property(id, FastCheck.boolean(), (traceId, sampled) => {
        const parent = Tracer.externalSpan({ traceId, spanId: "1".repeat(16), sampled })
        assertEquals(Sampler.parentBased(Sampler.ratio(0.5))(traceId, parent), sampled)
      })
    )
  })

  it("keeps its part of all traces, the same ones wherever it is asked, and more of them with a greater part", () => {
    const evenly = Array.from({ length: 1000 }, (_, index) =>
      (((BigInt(index) * 2n + 1n) * 2n ** 51n) / 1000n).toString(16).padStart(13, "0").padStart(32, "a")
    )
    for (const part of [0, 0.01, 0.5, 1]) {
      assertEquals(evenly.filter((traceId) => Sampler.ratio(part)(traceId, undefined)).length, part * 1000)
    }
    FastCheck.assert(
      FastCheck.property(id, FastCheck.double({ min: 0, max: 1, noNaN: true }), (traceId, part) => {
        assertTrue(!Sampler.ratio(part / 2)(traceId, undefined) || Sampler.ratio(part)(traceId, undefined))
      })
    )
  })
})
