import {
  ATTR_ERROR_TYPE,
  ATTR_RPC_METHOD,
  ATTR_RPC_STATUS_CODE,
  ATTR_RPC_SYSTEM_NAME,
  METRIC_RPC_CLIENT_CALL_DURATION,
  METRIC_RPC_SERVER_CALL_DURATION,
  RPC_SYSTEM_NAME_VALUE_GRPC
} from "@opentelemetry/semantic-conventions"
import * as Durations from "@retro/telemetry/Durations"
import * as ErrorType from "@retro/telemetry/ErrorType"
import type { Exit, Tracer } from "effect"

/** Ends a measurement: the call ended so, with that gRPC status, in that span. */
export type Over = (exit: Exit.Exit<unknown, unknown>, status: string, span: Tracer.AnySpan | undefined) => void

/** Measures the calls of one rpc: how many, how long, how they ended. Calling it begins a measurement. */
export const make = (method: string, kind: "client" | "server"): (() => Over) => {
  const durations = kind === "client" ? clientDurations : serverDurations
  const series = new Map<string, Durations.Record>()
  const seriesOf = (status: string, errorType: string | undefined): Durations.Record => {
    const name = `${status} ${errorType}`
    const known = series.get(name)
    if (known !== undefined) return known
    const fresh = durations({
      [ATTR_RPC_SYSTEM_NAME]: RPC_SYSTEM_NAME_VALUE_GRPC,
      [ATTR_RPC_METHOD]: method,
      [ATTR_RPC_STATUS_CODE]: status,
      [ATTR_ERROR_TYPE]: errorType
    })
    series.set(name, fresh)
    return fresh
  }
  const fine = seriesOf("OK", undefined)
  return () => {
    const begun = performance.now()
    return (exit, status, span) => {
      const record = exit._tag === "Success" ? fine : seriesOf(status, ErrorType.of(exit))
      record((performance.now() - begun) / 1000, span)
    }
  }
}

const clientDurations = Durations.make(METRIC_RPC_CLIENT_CALL_DURATION, "How long calls to others took.")
const serverDurations = Durations.make(METRIC_RPC_SERVER_CALL_DURATION, "How long calls took to answer.")
