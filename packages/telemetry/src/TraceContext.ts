import { Predicate, Tracer } from "effect"

/** As a `traceparent` header. Source: W3C Trace Context, 3.2. */
export const toHeader = ({ sampled, spanId, traceId }: Tracer.AnySpan): string =>
  `00-${traceId}-${spanId}-${sampled ? "01" : "00"}`

/** A span of another process. */
export interface Caller extends Tracer.ExternalSpan {
  readonly traceState?: string
}

/**
 * The caller's span in a `traceparent` header; nothing where it is none. What a later version adds at the end is not
 * read. It brings the `tracestate` beside it, where that is one. Source: W3C Trace Context, 3.2, 3.3 and 4.
 */
export const fromHeader = (header: string, tracestate?: string): Caller | undefined => {
  if (!format.test(header) || header.startsWith("ff") || (header.length > length && header.startsWith("00")))
    return undefined
  const traceId = header.slice(3, 35)
  const spanId = header.slice(36, 52)
  if (traceId === noTrace || spanId === noSpan) return undefined
  const span = Tracer.externalSpan({ traceId, spanId, sampled: (Number.parseInt(header.slice(53, 55), 16) & 1) === 1 })
  return tracestate !== undefined && isState(tracestate) ? { ...span, traceState: tracestate } : span
}

/** The `tracestate` that a span's trace came with: whoever is called next gets it as it was. */
export const stateOf = (span: Tracer.AnySpan): string | undefined =>
  Predicate.hasProperty(span, "traceState") && Predicate.isString(span.traceState) ? span.traceState : undefined

/** Each part has its place; to ask the expression for them would make a text of each. */
const format = /^[\da-f]{2}-[\da-f]{32}-[\da-f]{16}-[\da-f]{2}(?:-.*)?$/
const length = 55
const noTrace = "0".repeat(32)
const noSpan = "0".repeat(16)

/** The most that is handed on: what everybody must bear. Source: W3C Trace Context, 3.3.1.1 and 3.3.1.5. */
const limits = { characters: 512, members: 32 }

const isState = (header: string): boolean => {
  if (header === "" || header.length > limits.characters) return false
  const members = header.split(",")
  return members.length <= limits.members && members.every((one) => member.test(one))
}

/** One member, or none between two commas. Source: W3C Trace Context, 3.3.1.3. */
const member =
  /^[ \t]*([a-z\d][\w*/@-]{0,255}=[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e])?[ \t]*$/
