import { Effect, Layer, Option, Tracer } from "effect"
import * as Station from "../src/Station.ts"

interface Recorded {
  readonly span: Tracer.Span
  readonly parent: Option.Option<Tracer.AnySpan>
}

/**
 * Watches who calls what, by the spans of the calls, in a shop split over sockets. The caller is whoever serves the
 * nearest span above a call; where there is none, the program whose own fiber makes it, and else the website.
 */
export const make = Effect.map(Effect.tracer, (tracer) => {
  const recorded = new Map<string, Recorded>()
  const seen = new Set<string>()

  const callerOf = (parent: Option.Option<Tracer.AnySpan>, home: string): string => {
    const above = Option.flatMap(parent, ({ spanId }) => Option.fromNullable(recorded.get(spanId)))
    return Option.match(above, {
      onNone: () => home,
      onSome: ({ parent, span }) => (isServed(span) ? serviceOf(span.name) : callerOf(parent, home))
    })
  }

  const watch = (home: string) =>
    Layer.setTracer(
      Tracer.make({
        span: (name, parent, context, links, startTime, kind, options) => {
          const span = tracer.span(name, parent, context, links, startTime, kind, options)
          recorded.set(span.spanId, { span, parent })
          if (kind === "client" && isRpc(name)) seen.add(`${callerOf(parent, home)} → ${name}`)
          return span
        },
        context: (f, fiber) => tracer.context(f, fiber)
      })
    )

  const wiring: Station.Wiring = (contract, program) => {
    const path = Object.values(contract.wire)[0]?.path ?? ""
    return Station.split(contract, Layer.provide(program, watch(serviceOf(path))))
  }

  return {
    /** "frontend → /retrostation.CartService/GetCart", for every call there was. */
    seen: seen as ReadonlySet<string>,
    wiring,
    website: watch("frontend")
  }
})

const isRpc = (name: string): boolean => name.startsWith("/retrostation.")

const isServed = ({ kind, name }: Tracer.Span): boolean => kind === "server" && isRpc(name)

/** "/retrostation.CartService/GetCart" is served by "cartservice". */
const serviceOf = (path: string): string => path.split(/[./]/)[2]?.toLowerCase() ?? path
