import { describe, it } from "@effect/vitest"
import { assertEquals, deepStrictEqual } from "@effect/vitest/utils"
import { FastCheck, Tracer } from "effect"
import * as Baggage from "../src/Baggage.ts"
import * as TraceContext from "../src/TraceContext.ts"

const traceId = "0af7651916cd43dd8448eb211c80319c"
const spanId = "b7ad6b7169203331"

describe("a traceparent header", () => {
  it("says which span it is of, and reads back as it", () => {
    const id = (length: number) => FastCheck.stringMatching(new RegExp(`^[0-9a-f]{${length - 1}}[1-9a-f]$`))
    FastCheck.assert(
      FastCheck.property(id(32), id(16), FastCheck.boolean(), (traceId, spanId, sampled) => {
        const span = Tracer.externalSpan({ traceId, spanId, sampled })
        deepStrictEqual(TraceContext.fromHeader(TraceContext.toHeader(span)), span)
      })
    )
  })

  it("of a later version is read as far as this one goes", () => {
    assertEquals(TraceContext.fromHeader(`cc-${traceId}-${spanId}-01-what-comes`)?.spanId, spanId)
    assertEquals(TraceContext.fromHeader(`00-${traceId}-${spanId}-ff`)?.sampled, true)
  })

  it("that is none is as good as no header", () => {
    for (const header of [
      "",
      "00",
      "01-x",
      `00-${"g".repeat(32)}-${spanId}-01`,
      `00-${traceId}-01`,
      `00-${"0".repeat(32)}-${spanId}-01`,
      `00-${traceId}-${"0".repeat(16)}-01`,
      `ff-${traceId}-${spanId}-01`,
      `00-${traceId}-${spanId}-01-more`,
      `cc-${traceId}-${spanId}-01more`,
      `00-${traceId.toUpperCase()}-${spanId}-01`
    ]) {
      assertEquals(TraceContext.fromHeader(header), undefined, header)
    }
  })
})

describe("a tracestate header", () => {
  const stateOf = (header: string) => {
    const span = TraceContext.fromHeader(`00-${traceId}-${spanId}-01`, header)
    return span && TraceContext.stateOf(span)
  }

  it("goes on as it came where it is one, beside a traceparent", () => {
    for (const header of ["a=1", "vendor=t61rcWkgMzE, 0tenant@v=b c", "a=1,,b=2", `k=${"x".repeat(256)}`]) {
      assertEquals(stateOf(header), header)
    }
    assertEquals(TraceContext.fromHeader("none", "a=1"), undefined)
  })

  it("goes no further where it is malformed or too large; its traceparent does", () => {
    const many = Array.from({ length: 33 }, (_, index) => `k${index}=v`).join(",")
    for (const header of [
      "",
      "a",
      "A=1",
      "a=",
      "a=b=c",
      "a=1\u0000",
      many,
      `k=${"x".repeat(257)}`,
      `a=${"x,b=".repeat(200)}`
    ]) {
      assertEquals(stateOf(header), undefined, header.slice(0, 20))
      assertEquals(TraceContext.fromHeader(`00-${traceId}-${spanId}-01`, header)?.spanId, spanId)
    }
  })
})

describe("a baggage header", () => {
  it("goes on as it came where it is one", () => {
    for (const header of ["a=1", "key1=value1,key2 = value2;property1;p=2, key3=%20", "empty="]) {
      assertEquals(Baggage.accepted(header), header)
    }
  })

  it("goes no further where it is malformed or too large", () => {
    const many = Array.from({ length: 65 }, (_, index) => `k${index}=v`).join(",")
    for (const header of [
      undefined,
      "",
      "a",
      "a b=1",
      "a=1,,b=2",
      "a=b c",
      `a="1"`,
      "a=1\u0000",
      many,
      `a=${"x".repeat(8192)}`
    ]) {
      assertEquals(Baggage.accepted(header), undefined, header?.slice(0, 20))
    }
  })
})
