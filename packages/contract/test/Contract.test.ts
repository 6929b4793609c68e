import { Rpc } from "@effect/rpc"
import { describe, it } from "@effect/vitest"
import { CurrencyCode } from "@retro/domain/Currency"
import * as Money from "@retro/domain/Money"
import { Schema } from "effect"
import * as Contract from "../src/Contract.ts"
import { CurrencyServiceService as wire } from "../src/generated/retrostation/currency.ts"
import { ShippingServiceService } from "../src/generated/retrostation/shipping.ts"
import { Failure } from "../src/Status.ts"

class Refused extends Failure<Refused>()("Refused", { grpc: "FAILED_PRECONDITION", http: 422 }, {}) {}
class WithoutStatus extends Schema.TaggedError<WithoutStatus>()("WithoutStatus", {}) {}

const money = Money.FromWire
const amounts = Schema.Array(money)
const codes = { currencyCodes: Schema.Array(CurrencyCode), ratesDate: Schema.String }

const getSupportedCurrencies = Rpc.make("getSupportedCurrencies", {
  payload: Contract.Empty,
  success: Schema.Struct(codes)
})
const convert = Rpc.make("convert", { payload: { from: money, toCode: CurrencyCode }, success: money })
const batch = { from: amounts, toCode: CurrencyCode, toMinorUnit: Schema.Boolean }
const answer = Schema.Struct({ converted: amounts, ratesDate: Schema.String })
const convertBatch = Rpc.make("convertBatch", { payload: batch, success: answer })

/** What the type checker reads here is the test: a line that it expects an error in and that has none is an error. */
describe("a contract", () => {
  it("compiles where it fits its proto", () => {
    void Contract.Tag<never>()("Fits", wire, getSupportedCurrencies, convert, convertBatch)
  })

  it("does not where a method of the proto has no rpc", () => {
    // @ts-expect-error: no rpc for this method: "convertBatch"
    void Contract.Tag<never>()("MissingRpc", wire, getSupportedCurrencies, convert)
  })

  it("does not where the proto has no such method", () => {
    const guess = Rpc.make("guess", { payload: Contract.Empty, success: Contract.Empty })
    // @ts-expect-error: "guess" is no method
    void Contract.Tag<never>()("ExtraRpc", wire, getSupportedCurrencies, convert, convertBatch, guess)
  })

  it("does not where the proto lacks a field of a request", () => {
    const more = Rpc.make("convert", { payload: { ...convert.payloadSchema.fields, tip: money }, success: money })
    // @ts-expect-error: "tip" would be dropped on the way
    void Contract.Tag<never>()("ExtraField", wire, getSupportedCurrencies, more, convertBatch)
  })

  it("does not where the proto lacks a field of an answer", () => {
    const more = Rpc.make("convertBatch", {
      payload: batch,
      success: Schema.Struct({ ...answer.fields, source: Schema.String })
    })
    // @ts-expect-error: "source" would be dropped on the way
    void Contract.Tag<never>()("ExtraAnswer", wire, getSupportedCurrencies, convert, more)
  })

  it("does not where the proto lacks a field further down, in each of many", () => {
    const coin = Schema.Struct({ currencyCode: Schema.String, units: Schema.BigIntFromSelf, nanos: Schema.Number })
    const more = Rpc.make("convertBatch", {
      payload: { ...batch, from: Schema.Array(Schema.Struct({ ...coin.fields, mint: Schema.String })) },
      success: answer
    })
    // @ts-expect-error: "from.mint" would be dropped on the way
    void Contract.Tag<never>()("ExtraDeepField", wire, getSupportedCurrencies, convert, more)
  })

  it("does not where it lacks a field of the proto", () => {
    const less = Rpc.make("convert", { payload: { from: money }, success: money })
    // @ts-expect-error: nobody would read "toCode"
    void Contract.Tag<never>()("MissingField", wire, getSupportedCurrencies, less, convertBatch)
    const silent = Rpc.make("getSupportedCurrencies", {
      payload: Contract.Empty,
      success: Schema.Struct({ currencyCodes: codes.currencyCodes })
    })
    // @ts-expect-error: nobody would read "ratesDate"
    void Contract.Tag<never>()("MissingAnswer", wire, silent, convert, convertBatch)
  })

  it("does not where it asks for a field that the proto has for an answer only", () => {
    const asking = Rpc.make("getSupportedCurrencies", { payload: codes, success: Schema.Struct(codes) })
    // @ts-expect-error: the request is Empty
    void Contract.Tag<never>()("NotEmpty", wire, asking, convert, convertBatch)
  })

  it("does not where a field is of another type", () => {
    const spelled = Rpc.make("convert", { payload: { from: Schema.String, toCode: CurrencyCode }, success: money })
    // @ts-expect-error: "from" is a message
    void Contract.Tag<never>()("OtherType", wire, getSupportedCurrencies, spelled, convertBatch)
    const inexact = Schema.Struct({ currencyCode: Schema.String, units: Schema.Number, nanos: Schema.Number })
    const rounded = Rpc.make("convert", { payload: { from: money, toCode: CurrencyCode }, success: inexact })
    // @ts-expect-error: an int64 is a bigint
    void Contract.Tag<never>()("NotInt64", wire, getSupportedCurrencies, rounded, convertBatch)
    const single = Rpc.make("convertBatch", { payload: { ...batch, from: money }, success: answer })
    // @ts-expect-error: "from" is repeated
    void Contract.Tag<never>()("NotRepeated", wire, getSupportedCurrencies, convert, single)
  })

  it("does not with the proto of another service", () => {
    // @ts-expect-error: none of these methods is shipping's
    void Contract.Tag<never>()("OtherProto", ShippingServiceService, getSupportedCurrencies, convert, convertBatch)
  })

  it("does not where an error has no status", () => {
    const { payloadSchema: payload, successSchema: success } = convert
    const alone = Rpc.make("convert", { payload, success, error: WithoutStatus })
    // @ts-expect-error: WithoutStatus
    void Contract.Tag<never>()("NoStatus", wire, getSupportedCurrencies, alone, convertBatch)
    const among = Rpc.make("convert", { payload, success, error: Schema.Union(Refused, WithoutStatus) })
    // @ts-expect-error: WithoutStatus
    void Contract.Tag<never>()("NoStatusAmong", wire, getSupportedCurrencies, among, convertBatch)
    const nested = Rpc.make("convert", {
      payload,
      success,
      error: Schema.Union(Refused, Schema.Union(Refused, WithoutStatus))
    })
    // @ts-expect-error: WithoutStatus
    void Contract.Tag<never>()("NoStatusNested", wire, getSupportedCurrencies, nested, convertBatch)
    const fine = Rpc.make("convert", { payload, success, error: Schema.Union(Refused, Schema.Union(Refused)) })
    void Contract.Tag<never>()("Status", wire, getSupportedCurrencies, fine, convertBatch)
  })
})
