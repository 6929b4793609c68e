import { type Context, Option, Predicate, Tracer } from "effect"
import type { Exporter } from "./EndedSpan.ts"
import * as Ids from "./Ids.ts"
import { RecordingSpan } from "./RecordingSpan.ts"
import type { Sampler } from "./Sampler.ts"
import * as TraceContext from "./TraceContext.ts"

/** A tracer that gives the spans of one service to an exporter, once they end. */
export interface SpanTracer extends Tracer.Tracer {
  readonly service: string
  /** The same for another service of this process. */
  readonly forService: (service: string) => SpanTracer
}

/** Which traces are kept, and where they go. */
export interface Options {
  readonly sampler: Sampler
  readonly exporter: Exporter
}

/** A tracer of that service. A span of a trace that is not sampled is a name for what happens in it, and nothing else. */
export const make = (service: string, { exporter, sampler }: Options): SpanTracer => ({
  ...Tracer.make({
    span: (name, parent, context, links, startNanos, kind) => {
      const caller = Option.getOrUndefined(parent)
      const traceId = caller?.traceId ?? Ids.ofTrace()
      const traceState = caller && TraceContext.stateOf(caller)
      return sampler(traceId, caller)
        ? new RecordingSpan(exporter, {
            service,
            name,
            traceId,
            traceState,
            parent,
            context,
            links: [...links],
            startNanos,
            kind
          })
        : unsampled(name, { traceId, traceState }, parent, context, startNanos, kind)
    },
    context: (run) => run()
  }),
  service,
  forService: (other) => make(other, { exporter, sampler })
})

/** Whether a tracer is one of these. */
export const is = (tracer: Tracer.Tracer): tracer is SpanTracer => Predicate.hasProperty(tracer, "forService")

/** Stands for a span that nobody will see: calls and logs go on with the ids of its trace. */
const unsampled = (
  name: string,
  trace: { readonly traceId: string; readonly traceState: string | undefined },
  parent: Option.Option<Tracer.AnySpan>,
  context: Context.Context<never>,
  startTime: bigint,
  kind: Tracer.SpanKind
): Tracer.Span => ({
  _tag: "Span",
  name,
  spanId: Ids.ofSpan(),
  parent,
  context,
  kind,
  sampled: false,
  status: { _tag: "Started", startTime },
  attributes: nothing,
  links: [],
  end: ignore,
  attribute: ignore,
  event: ignore,
  addLinks: ignore,
  ...trace
})

const nothing: ReadonlyMap<string, unknown> = new Map()
const ignore = () => {}
