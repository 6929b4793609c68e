import { Tracer } from "effect"

/** As a `traceparent` header. Source: W3C Trace Context, 3.2. */
export const toHeader = ({ sampled, spanId, traceId }: Tracer.AnySpan): string =>
  `00-${traceId}-${spanId}-${sampled ? "01" : "00"}`

/**
 * The caller's span in a `traceparent` header; nothing where it is none. What a later version adds at the end is not
 * read. Source: W3C Trace Context, 3.2 and 4.
 */
export const fromHeader = (header: string): Tracer.ExternalSpan | undefined => {
  const [, version, traceId, spanId, flags, more] = format.exec(header) ?? []
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined
  if (version === "ff" || (version === "00" && more !== "") || traceId === noTrace || spanId === noSpan)
    return undefined
  return Tracer.externalSpan({ traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 })
}

const format = /^([\da-f]{2})-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})(|-.*)$/
const noTrace = "0".repeat(32)
const noSpan = "0".repeat(16)
