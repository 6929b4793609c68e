import { Effect, Layer, Tracer } from "effect"
import * as Station from "../src/Station.ts"

/**
 * Watches who calls what in a shop split over sockets: every tier gets a tracer of its own, as every process has, and
 * the client spans of a tracer are the calls of its tier.
 */
export const make = Effect.map(Effect.tracer, (tracer) => {
  const seen = new Set<string>()

  const watch = (tier: string) =>
    Tracer.make({
      span: (name, parent, context, links, startTime, kind, options) => {
        if (kind === "client" && name.startsWith("/retrostation.")) seen.add(`${tier} → ${name}`)
        return tracer.span(name, parent, context, links, startTime, kind, options)
      },
      context: (f, fiber) => tracer.context(f, fiber)
    })

  const wiring: Station.Wiring = (contract, program) => {
    const path = Object.values(contract.wire)[0]?.path ?? ""
    const watched = Effect.withTracer(Layer.build(Station.split(contract, program)), watch(serviceOf(path)))
    return Layer.scopedContext(watched)
  }

  return {
    /** "frontend → /retrostation.CartService/GetCart", for every call there was. */
    seen,
    wiring,
    website: Layer.setTracer(watch("frontend"))
  }
})

/** "/retrostation.CartService/GetCart" is served by "cartservice". */
const serviceOf = (path: string): string => path.split(/[./]/)[2]?.toLowerCase() ?? path
