import {
  ATTR_ERROR_TYPE,
  ATTR_HTTP_REQUEST_METHOD,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_HTTP_ROUTE,
  ATTR_URL_SCHEME,
  METRIC_HTTP_SERVER_REQUEST_DURATION
} from "@opentelemetry/semantic-conventions"
import * as Durations from "@retro/telemetry/Durations"
import * as Spans from "@retro/telemetry/Spans"
import * as TraceContext from "@retro/telemetry/TraceContext"
import { Effect, Exit, FiberRef, type Tracer } from "effect"
import { headerOf, type Request } from "./Request.ts"
import type { Response } from "./Response.ts"

/**
 * Observes the answer to a request: measures it and, where its trace is sampled, gives it a span that goes on with the
 * trace of its client. Spans name the route, not the path, which may hold what a person typed.
 */
export const around =
  (request: Request, route: string | undefined) =>
  (answer: Effect.Effect<Response>): Effect.Effect<Response> =>
    Effect.withFiberRuntime((fiber) => {
      const begun = performance.now()
      const method = methods.has(request.method) ? request.method : "_OTHER"
      const measured = Effect.onExit(answer, (exit) =>
        Effect.map(currentSpan, (span) => {
          const status = Exit.isSuccess(exit) ? exit.value.status : interrupted
          if (span?._tag === "Span") describe(span, status)
          seriesOf(method, route, status)((performance.now() - begun) / 1000, span)
        })
      )
      const parent = TraceContext.fromHeader(headerOf(request, "traceparent") ?? "", headerOf(request, "tracestate"))
      if (!fiber.getFiberRef(FiberRef.currentTracerEnabled)) return parent ? Spans.within(measured, parent) : measured
      return Spans.around(() => ({
        name: route === undefined ? method : `${method} ${route}`,
        kind: "server",
        parent,
        attributes: [
          [ATTR_HTTP_REQUEST_METHOD, method],
          [ATTR_URL_SCHEME, headerOf(request, "x-forwarded-proto") === "https" ? "https" : "http"],
          ...(route === undefined ? [] : [[ATTR_HTTP_ROUTE, route] as const])
        ]
      }))(measured)
    })

/** Names what went wrong with a request, on its span: the tag of a typed error. */
export const failedWith = ({ _tag }: { readonly _tag: string }): Effect.Effect<void> =>
  Effect.annotateCurrentSpan(ATTR_ERROR_TYPE, _tag)

/** The trace that the request is written down in, if it is. */
export const traceId: Effect.Effect<string | undefined> = Effect.withFiberRuntime(({ currentSpan }) =>
  Effect.succeed(currentSpan?._tag === "Span" && currentSpan.sampled ? currentSpan.traceId : undefined)
)

/** A server failed where its status says so: that it refuses a request is its work. Source: semantic conventions for HTTP. */
const describe = (span: Tracer.Span, status: number) => {
  Spans.judge(span, status >= 500)
  if (status === interrupted) return
  span.attribute(ATTR_HTTP_RESPONSE_STATUS_CODE, status)
  if (status >= 500 && !span.attributes.has(ATTR_ERROR_TYPE)) span.attribute(ATTR_ERROR_TYPE, String(status))
}

/** Stands for the status of a request that nobody waits for. */
const interrupted = 0

const currentSpan = Effect.withFiberRuntime<Tracer.AnySpan | undefined>((fiber) => Effect.succeed(fiber.currentSpan))

/** Any other is `_OTHER`: a client could invent one for each request. */
const methods: ReadonlySet<string> = new Set(["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"])

const durations = Durations.make(METRIC_HTTP_SERVER_REQUEST_DURATION, "How long requests took to answer.")
const series = new Map<string, Durations.Record>()

const seriesOf = (method: string, route: string | undefined, status: number): Durations.Record => {
  const name = `${method} ${route} ${status}`
  const known = series.get(name)
  if (known !== undefined) return known
  const fresh = durations({
    [ATTR_HTTP_REQUEST_METHOD]: method,
    [ATTR_HTTP_ROUTE]: route,
    [ATTR_HTTP_RESPONSE_STATUS_CODE]: status === interrupted ? undefined : String(status),
    [ATTR_ERROR_TYPE]: status === interrupted ? "Interrupted" : status >= 500 ? String(status) : undefined
  })
  series.set(name, fresh)
  return fresh
}
