import {
  ATTR_RPC_METHOD,
  ATTR_RPC_STATUS_CODE,
  ATTR_RPC_SYSTEM_NAME,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
  RPC_SYSTEM_NAME_VALUE_GRPC
} from "@opentelemetry/semantic-conventions"
import { type Code, codes } from "@retro/contract/Status"
import * as Spans from "@retro/telemetry/Spans"
import { Clock, Context, type DefaultServices, type Exit, Option, Tracer } from "effect"
import * as CallDuration from "./CallDuration.ts"

/** One call under observation: how long it takes is measured, and where its trace is sampled it has a span. */
export interface CallSpan {
  /** What the call runs in, and is known by to those that it calls. */
  readonly current: Tracer.AnySpan | undefined
  /** The call is over, with that gRPC status. */
  readonly end: (exit: Exit.Exit<unknown, unknown>, code: number) => void
}

/** Begins the span of a call under its caller's, with the tracer and the clock of `services`. */
export type Begin = (
  parent: Tracer.AnySpan | undefined,
  services: Context.Context<DefaultServices.DefaultServices>,
  enabled: boolean
) => CallSpan

/** Where a client calls. */
export interface Peer {
  readonly host: string
  readonly port: number
}

/**
 * How the calls of one rpc get their spans: made by hand, which costs a third of what `Effect.withSpan` does. A trace that
 * nobody samples gets none, nor does any where tracing is not `enabled`; its caller's span stays the current one: the ids
 * of the trace reach logs and further calls all the same.
 */
export const make = (path: string, kind: "client" | "server", peer?: Peer): Begin => {
  const method = path.slice(1)
  const measure = CallDuration.make(method, kind)
  return (parent, services, enabled) => {
    const over = measure()
    if (!enabled || parent?.sampled === false) {
      return { current: parent, end: (exit, code) => over(exit, nameOf(code), undefined) }
    }
    const clock = Context.get(services, Clock.Clock)
    const span = Context.get(services, Tracer.Tracer).span(
      method,
      Option.fromNullable(parent),
      Context.empty(),
      [],
      clock.unsafeCurrentTimeNanos(),
      kind
    )
    span.attribute(ATTR_RPC_SYSTEM_NAME, RPC_SYSTEM_NAME_VALUE_GRPC)
    span.attribute(ATTR_RPC_METHOD, method)
    if (peer !== undefined) {
      span.attribute(ATTR_SERVER_ADDRESS, peer.host)
      span.attribute(ATTR_SERVER_PORT, peer.port)
    }
    return {
      current: span,
      end: (exit, code) => {
        const status = nameOf(code)
        span.attribute(ATTR_RPC_STATUS_CODE, status)
        Spans.judge(span, failed(kind, status))
        span.end(clock.unsafeCurrentTimeNanos(), exit)
        over(exit, status, span)
      }
    }
  }
}

/** A peer from a target of gRPC: "host:port", with or without a scheme. */
export const peerOf = (address: string): Peer => {
  const [, host = "", port] = /^(?:\w+:\/*)?(.*):(\d+)$/.exec(address) ?? []
  return { host, port: Number(port) }
}

const names = new Map<number, Code | "OK">([[0, "OK"]])
for (const name of Object.keys(codes) as Array<Code>) names.set(codes[name], name)
const nameOf = (code: number): Code | "OK" => names.get(code) ?? "UNKNOWN"

/**
 * Whether a call failed. For a client all that is not OK did; for a server only what is its own fault: that it refuses a
 * request is its work. Source: semantic conventions for gRPC, span status.
 */
const failed = (kind: "client" | "server", status: Code | "OK"): boolean =>
  kind === "client" ? status !== "OK" : serverFaults.has(status)

const serverFaults: ReadonlySet<Code | "OK"> = new Set([
  "UNKNOWN",
  "DEADLINE_EXCEEDED",
  "UNIMPLEMENTED",
  "INTERNAL",
  "UNAVAILABLE",
  "DATA_LOSS"
])
