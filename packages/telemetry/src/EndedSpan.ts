import type { Tracer } from "effect"

/** A value that an attribute can have. */
export type Value = string | number | boolean

/** Something that happened within a span: an exception. Source: semantic conventions for exceptions. */
export interface SpanEvent {
  readonly name: string
  /** Nanoseconds of the Unix epoch. */
  readonly nanos: bigint
  readonly attributes: ReadonlyMap<string, Value>
}

/** A span of a sampled trace that is over, as exporters get it. */
export interface EndedSpan {
  /** Which service it happened in: a process may hold several. */
  readonly service: string
  /** 32 digits in hexadecimal. */
  readonly traceId: string
  /** 16 digits in hexadecimal. */
  readonly spanId: string
  readonly parentSpanId: string | undefined
  /** What other makers of traces have to say of this one, handed on as it came. Source: W3C Trace Context, 3.3. */
  readonly traceState: string | undefined
  readonly name: string
  readonly kind: Tracer.SpanKind
  /** Nanoseconds of the Unix epoch. */
  readonly startNanos: bigint
  readonly endNanos: bigint
  readonly attributes: ReadonlyMap<string, Value>
  readonly events: ReadonlyArray<SpanEvent>
  /** Other traces that this one goes on with, repeats or undoes. */
  readonly links: ReadonlyArray<{ readonly span: { readonly traceId: string; readonly spanId: string } }>
  /** The tag of the error that it ended in, expected or not; also its attribute `error.type`. */
  readonly errorType: string | undefined
  /** Whether it failed by the conventions: an expected refusal is no failure of a server. */
  readonly isError: boolean
}

/** Takes spans as they end. It neither fails nor waits. */
export type Exporter = (span: EndedSpan) => void
