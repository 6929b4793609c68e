import { assertEquals, assertTrue } from "@effect/vitest/utils"
import type { EndedSpan } from "@retro/telemetry/EndedSpan"
import * as RecentSpans from "@retro/telemetry/RecentSpans"
import * as Sampler from "@retro/telemetry/Sampler"
import * as SpanTracer from "@retro/telemetry/SpanTracer"
import { Effect, Layer } from "effect"

type Spans = ReadonlyArray<EndedSpan>

/** Spans of everything that happens, kept in memory, as the website's process makes them. */
export const make = () => {
  const { add, all } = RecentSpans.make(20_000)
  const sampler = Sampler.parentBased(Sampler.always)
  return { all, layer: Layer.setTracer(SpanTracer.make("frontend", { sampler, exporter: add })) }
}

/**
 * The traces that begin with a span of that name, as texts: "service kind name", and "!" or "?" with the tag of an error
 * that is a failure or not. Lines of siblings are sorted: those that run together have no order.
 */
export const trees = (spans: Spans, root: string): ReadonlyArray<ReadonlyArray<string>> =>
  spans.filter(({ name, parentSpanId }) => name === root && parentSpanId === undefined).map((root) => tree(spans, root))

const tree = (spans: Spans, root: EndedSpan): ReadonlyArray<string> => {
  const children = spans.filter(({ parentSpanId }) => parentSpanId === root.spanId).map((child) => tree(spans, child))
  const sorted = children.sort((a, b) => (a.join("\n") < b.join("\n") ? -1 : 1))
  return [describe(root), ...sorted.flat().map((line) => `  ${line}`)]
}

const describe = ({ errorType, isError, kind, name, service }: EndedSpan): string =>
  `${service} ${kind} ${name}${errorType === undefined ? "" : ` ${isError ? "!" : "?"}${errorType}`}`

/** Every span has its parent in the same trace, begins after it, and is of the right side of a hop. */
export const assertWhole = (spans: Spans): void => {
  const byId = new Map(spans.map((span) => [span.spanId, span]))
  assertEquals(byId.size, spans.length)
  for (const span of spans) {
    assertTrue(/^[\da-f]{32}$/.test(span.traceId) && /^[\da-f]{16}$/.test(span.spanId))
    assertTrue(span.endNanos >= span.startNanos)
    if (span.parentSpanId === undefined) continue
    const parent = byId.get(span.parentSpanId)
    assertTrue(parent !== undefined, `${describe(span)} has no parent`)
    assertEquals(parent.traceId, span.traceId)
    assertTrue(span.startNanos >= parent.startNanos)
    if (span.kind === "server") assertEquals(`${parent.kind} ${parent.name}`, `client ${span.name}`)
    else assertEquals(span.service, parent.service, `${describe(span)} is in another service`)
  }
}

/** The calls from tier to tier that traces show: "frontend → /retrostation.CartService/GetCart". */
export const calls = (spans: Spans): ReadonlySet<string> => {
  const byId = new Map(spans.map((span) => [span.spanId, span]))
  const hops = spans.flatMap((span) => {
    const caller = byId.get(span.parentSpanId ?? "")
    return span.kind === "server" && caller !== undefined ? [{ caller, callee: span }] : []
  })
  for (const { callee } of hops) assertEquals(callee.service, /\.(\w+)\//.exec(callee.name)?.[1]?.toLowerCase())
  return new Set(hops.map(({ callee, caller }) => `${caller.service} → /${callee.name}`))
}

/** The spans, once there are as many of that name as there should be: some end after the answer. */
export const once = (all: Effect.Effect<Spans>, name: string, count: number): Effect.Effect<Spans> =>
  all.pipe(
    Effect.delay("5 millis"),
    Effect.repeat({ until: (spans) => spans.filter((span) => span.name === name).length >= count }),
    Effect.timeoutFail({ duration: "20 seconds", onTimeout: () => new Error(`not ${count} of ${name}`) }),
    Effect.orDie
  )
