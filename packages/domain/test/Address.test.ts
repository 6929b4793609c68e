import { describe, it } from "@effect/vitest"
import { assertTrue, deepStrictEqual, strictEqual } from "@effect/vitest/utils"
import { Either, Schema } from "effect"
import { Address, AddressFromWire, DestinationFromWire } from "../src/Address.ts"

const decode = Schema.decodeUnknownSync(AddressFromWire)
const refuses = (message: unknown) => Either.isLeft(Schema.decodeUnknownEither(AddressFromWire)(message))

const message = {
  recipient: "",
  streetAddress: "1600 Amphitheatre Parkway",
  city: "Mountain View",
  state: "CA",
  country: "United States",
  zipCode: 0,
  postalCode: ""
}

describe("a postal code", () => {
  it("D12: keeps its leading zeros, its letters and its spaces", () => {
    for (const postalCode of ["01234", "SW1A 1AA", "〒100-0001", "0000"]) {
      strictEqual(decode({ ...message, postalCode }).postalCode, postalCode)
      strictEqual(Schema.encodeSync(AddressFromWire)(decode({ ...message, postalCode })).postalCode, postalCode)
    }
  })

  it("is the integer of old clients where the text is empty", () =>
    strictEqual(decode({ ...message, zipCode: 94043 }).postalCode, "94043"))

  it("is the text where there are both", () =>
    strictEqual(decode({ ...message, zipCode: 94043, postalCode: "01234" }).postalCode, "01234"))

  it("may be none, which is what zero and less than zero mean", () => {
    strictEqual(decode(message).postalCode, "")
    strictEqual(decode({ ...message, zipCode: -1 }).postalCode, "")
  })

  it("is sent as text only", () =>
    strictEqual(Schema.encodeSync(AddressFromWire)(decode({ ...message, zipCode: 94043 })).zipCode, 0))
})

describe("an address", () => {
  it("may be in any script", () =>
    assertTrue(!refuses({ ...message, streetAddress: "丸の内1-9-1", city: "Αθήνα", recipient: "Zoë Ångström" })))

  it.each([
    ["no street", { streetAddress: "" }],
    ["a street of spaces", { streetAddress: "   " }],
    ["no city", { city: "" }],
    ["no country", { country: "" }],
    ["a line break, which would start a mail header", { city: "X\r\nBcc: a@b.c" }],
    ["a NUL", { recipient: "a\u0000b" }],
    ["a street too long for a label", { streetAddress: "a".repeat(201) }],
    ["a million letters", { recipient: "a".repeat(1_000_000) }],
    ["a postal code longer than any", { postalCode: "1".repeat(21) }],
    ["a number for a city", { city: 1 }]
  ])("is refused with %s", (_what, changes) => assertTrue(refuses({ ...message, ...changes })))

  it.prop("comes back from a message", [Address], ([address]) => {
    const encode = Schema.encodeSync(AddressFromWire)
    deepStrictEqual(encode(decode(encode(address))), encode(address))
  })

  it("may be unknown as yet, as a destination", () => {
    const nothing = { ...message, streetAddress: "", city: "", state: "", country: "" }
    strictEqual(Schema.decodeUnknownSync(DestinationFromWire)(nothing).country, "")
    assertTrue(refuses(nothing))
  })
})
