import {
  ATTR_ERROR_TYPE,
  ATTR_EXCEPTION_STACKTRACE,
  ATTR_EXCEPTION_TYPE,
  ATTR_OTEL_STATUS_CODE,
  EVENT_EXCEPTION,
  OTEL_STATUS_CODE_VALUE_ERROR
} from "@opentelemetry/semantic-conventions"
import { Cause, type Context, Exit, Option, type Tracer } from "effect"
import type { EndedSpan, Exporter, SpanEvent, Value } from "./EndedSpan.ts"
import * as ErrorType from "./ErrorType.ts"
import * as Ids from "./Ids.ts"

/** What a span begins with. */
export interface Beginning {
  readonly service: string
  readonly name: string
  readonly traceId: string
  readonly traceState: string | undefined
  readonly parent: Option.Option<Tracer.AnySpan>
  readonly context: Context.Context<never>
  readonly links: Array<Tracer.SpanLink>
  readonly startNanos: bigint
  readonly kind: Tracer.SpanKind
}

/**
 * A span of a sampled trace; it goes to the exporter when it ends. Whoever made it by hand may set `otel.status_code` to
 * say whether it failed by the conventions of what it stands for; otherwise it failed if what it is about did.
 */
export class RecordingSpan implements Tracer.Span, EndedSpan {
  readonly _tag = "Span"
  readonly sampled = true
  readonly spanId = Ids.ofSpan()
  readonly attributes = new Map<string, Value>()
  readonly service: string
  readonly name: string
  readonly traceId: string
  readonly traceState: string | undefined
  readonly parent: Option.Option<Tracer.AnySpan>
  readonly context: Context.Context<never>
  readonly links: Array<Tracer.SpanLink>
  readonly startNanos: bigint
  readonly kind: Tracer.SpanKind
  events: ReadonlyArray<SpanEvent> = noEvents
  status: Tracer.SpanStatus
  endNanos = 0n
  errorType: string | undefined = undefined
  isError = false
  readonly #exporter: Exporter
  #judged = false

  constructor(exporter: Exporter, beginning: Beginning) {
    this.#exporter = exporter
    this.service = beginning.service
    this.name = beginning.name
    this.traceId = beginning.traceId
    this.traceState = beginning.traceState
    this.parent = beginning.parent
    this.context = beginning.context
    this.links = beginning.links
    this.startNanos = beginning.startNanos
    this.kind = beginning.kind
    this.status = { _tag: "Started", startTime: beginning.startNanos }
  }

  get parentSpanId(): string | undefined {
    return this.parent._tag === "Some" ? this.parent.value.spanId : undefined
  }

  /** What is no plain value is named by its type: its text could be anything. */
  attribute(key: string, value: unknown): void {
    if (key === ATTR_OTEL_STATUS_CODE) {
      this.#judged = true
      this.isError = value === OTEL_STATUS_CODE_VALUE_ERROR
    } else {
      this.attributes.set(key, isValue(value) ? value : typeof value)
      if (key === ATTR_ERROR_TYPE) this.errorType = String(this.attributes.get(key))
    }
  }

  /** The exit is not kept: it may hold what a person said, and much of it. */
  end(endTime: bigint, exit: Exit.Exit<unknown, unknown>): void {
    this.status = { _tag: "Ended", startTime: this.startNanos, endTime, exit: Exit.void }
    this.endNanos = endTime
    const errorType = ErrorType.of(exit)
    if (errorType !== undefined) {
      this.attributes.set(ATTR_ERROR_TYPE, errorType)
      this.errorType = errorType
      if (!this.#judged) this.isError = errorType !== ErrorType.interrupted
      this.events = exceptionsOf(exit, endTime)
    }
    this.#exporter(this)
  }

  /** What is logged in a span is a line of the log, with the span's ids, and is not said again here. */
  event(): void {}

  addLinks(links: ReadonlyArray<Tracer.SpanLink>): void {
    for (const link of links) this.links.push(link)
  }
}

const noEvents: ReadonlyArray<SpanEvent> = []

/** What nobody expected is an exception: its class and where it came from. A typed error is none. */
const exceptionsOf = (exit: Exit.Exit<unknown, unknown>, nanos: bigint): ReadonlyArray<SpanEvent> => {
  const defect = Exit.isFailure(exit) ? Cause.dieOption(exit.cause) : Option.none()
  if (Option.isNone(defect)) return noEvents
  const attributes = new Map<string, Value>([[ATTR_EXCEPTION_TYPE, ErrorType.ofFailure(defect.value)]])
  const frames = ErrorType.framesOf(defect.value)
  if (frames !== undefined) attributes.set(ATTR_EXCEPTION_STACKTRACE, frames)
  return [{ name: EVENT_EXCEPTION, nanos, attributes }]
}

const isValue = (value: unknown): value is Value =>
  typeof value === "string" || typeof value === "number" || typeof value === "boolean"
