import { describe, it } from "@effect/vitest"
import { assertEquals, assertTrue, deepStrictEqual } from "@effect/vitest/utils"
import { CurrencyService } from "@retro/contract/CurrencyService"
import * as Money from "@retro/domain/Money"
import { Effect, Either, Exit, Layer, Option, Tracer } from "effect"
import * as Loopback from "../src/Loopback.ts"

const usd1 = Either.getOrThrow(Money.make("USD", 1n, 0))

interface Ended {
  readonly span: Tracer.Span
  readonly exit: Exit.Exit<unknown, unknown>
}

/** A tracer that keeps the spans that ended. */
const recording = () => {
  const ended: Array<Ended> = []
  const tracer = Tracer.make({
    span: (name, parent, context, links, startTime, kind) => {
      const attributes = new Map<string, unknown>()
      const span: Tracer.Span = {
        _tag: "Span",
        name,
        parent,
        context,
        links,
        kind,
        attributes,
        spanId: String(ids++).padStart(16, "0"),
        traceId: Option.match(parent, { onNone: () => "a".repeat(32), onSome: ({ traceId }) => traceId }),
        sampled: true,
        status: { _tag: "Started", startTime },
        attribute: (key, value) => void attributes.set(key, value),
        event: () => {},
        addLinks: () => {},
        end: (_time, exit) => void ended.push({ span, exit })
      }
      return span
    },
    context: (f) => f()
  })
  return { ended, layer: Layer.setTracer(tracer) }
}

let ids = 1

/** Converts by answering the trace it is called in. */
const asked: Array<Tracer.AnySpan | undefined> = []
const program = Layer.mock(CurrencyService, {
  convert: ({ from }) =>
    Effect.map(Effect.serviceOption(Tracer.ParentSpan), (span) => {
      asked.push(Option.getOrUndefined(span))
      return from
    })
})

/** Server and client of it, one hop apart, with the same tracer. */
const traced = (tracer: Layer.Layer<never>) => Layer.provideMerge(Loopback.layer(CurrencyService, program), tracer)

const convert = Effect.flatMap(CurrencyService, (service) => service.convert({ from: usd1, toCode: "EUR" }))

describe("the spans of calls", () => {
  it.effect("the server's is a child of the client's, and both end with the call and its names", () => {
    const { ended, layer } = recording()
    return Effect.gen(function* () {
      yield* convert
      const [server, client] = ended
      assertTrue(server !== undefined && client !== undefined && ended.length === 2)
      assertEquals(server.span.kind, "server")
      assertEquals(client.span.kind, "client")
      assertEquals(Option.getOrThrow(server.span.parent).spanId, client.span.spanId)
      for (const { exit, span } of ended) {
        assertTrue(Exit.isSuccess(exit))
        assertEquals(span.name, "retrostation.CurrencyService/Convert")
        const { "server.address": address, "server.port": port, ...attributes } = Object.fromEntries(span.attributes)
        deepStrictEqual(attributes, {
          "rpc.system.name": "grpc",
          "rpc.method": "retrostation.CurrencyService/Convert",
          "rpc.status_code": "OK",
          "otel.status_code": "UNSET"
        })
        assertEquals(typeof port, span.kind === "client" ? "number" : "undefined")
        assertEquals(address, span.kind === "client" ? "127.0.0.1" : undefined)
      }
    }).pipe(Effect.provide(traced(layer)))
  })

  it.effect("there are none in a trace that nobody samples, but its ids go on", () => {
    const { ended, layer } = recording()
    const parent = Tracer.externalSpan({ traceId: "b".repeat(32), spanId: "c".repeat(16), sampled: false })
    return Effect.gen(function* () {
      yield* Effect.withParentSpan(convert, parent)
      assertEquals(ended.length, 0)
      const seen = asked.at(-1)
      assertEquals(`${seen?.traceId} ${seen?.spanId} ${seen?.sampled}`, `${parent.traceId} ${parent.spanId} false`)
    }).pipe(Effect.provide(traced(layer)))
  })

  it.effect("there are none where tracing is off", () => {
    const { ended, layer } = recording()
    return Effect.gen(function* () {
      yield* convert
      assertEquals(ended.length, 0)
      assertEquals(asked.at(-1), undefined)
    }).pipe(Effect.provide(traced(layer)), Effect.withTracerEnabled(false))
  })
})
