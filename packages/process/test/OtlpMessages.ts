import { createFileRegistry, type DescMessage, fromBinary, fromJson, type JsonValue, toJson } from "@bufbuild/protobuf"
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt"
import { execFileSync } from "node:child_process"
import { fileURLToPath } from "node:url"

/** What OTLP/HTTP carries: the last part of "/v1/traces". */
export type Signal = "traces" | "metrics" | "logs"

/** A document in protobuf as one in OTLP's JSON, read by the protocol's own definitions. */
export const toText = (signal: Signal, bytes: Uint8Array): string => {
  const schema = schemas()[signal]
  return JSON.stringify(withIds(toJson(schema, fromBinary(schema, bytes), { enumAsInteger: true }), "base64", "hex"))
}

/** A document in OTLP's JSON, read and written again by those definitions: what has the value that it has anyway is left out. */
export const normal = (signal: Signal, text: string): string => {
  const schema = schemas()[signal]
  return JSON.stringify(
    withIds(
      toJson(schema, fromJson(schema, withIds(JSON.parse(text), "hex", "base64")), { enumAsInteger: true }),
      "base64",
      "hex"
    )
  )
}

/** OTLP's JSON has ids in hexadecimal, where other bytes are in base64. */
const withIds = (document: JsonValue, from: BufferEncoding, to: BufferEncoding): JsonValue =>
  JSON.parse(
    JSON.stringify(document, (key, value) =>
      /^(traceId|spanId|parentSpanId)$/.test(key) ? Buffer.from(value, from).toString(to) : value
    )
  )

let known: Readonly<Record<Signal, DescMessage>> | undefined

/** From the definitions that OpenTelemetry publishes, in the folder beside this file. */
const schemas = () => {
  if (known !== undefined) return known
  const folder = fileURLToPath(new URL("otlp", import.meta.url))
  const buf = fileURLToPath(new URL("../../../node_modules/.bin/buf", import.meta.url))
  const set = fromBinary(FileDescriptorSetSchema, execFileSync(buf, ["build", folder, "-o", "-"]))
  const registry = createFileRegistry(set)
  const message = (name: string): DescMessage => {
    const found = registry.getMessage(`opentelemetry.proto.${name}`)
    if (found === undefined) throw new Error(`${name} is not defined`)
    return found
  }
  known = {
    traces: message("trace.v1.TracesData"),
    metrics: message("metrics.v1.MetricsData"),
    logs: message("logs.v1.LogsData")
  }
  return known
}
