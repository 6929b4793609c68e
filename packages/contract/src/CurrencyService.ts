import { Rpc } from "@effect/rpc"
import { CurrencyCode } from "@retro/domain/Currency"
import * as Money from "@retro/domain/Money"
import { Schema } from "effect"
import * as Contract from "./Contract.ts"
import { CurrencyServiceService } from "./generated/retrostation/currency.ts"
import { Failure } from "./Status.ts"

/** The table has no rate for this currency. */
export class UnsupportedCurrency extends Failure<UnsupportedCurrency>()(
  "UnsupportedCurrency",
  { grpc: "INVALID_ARGUMENT", http: 422 },
  { code: Schema.String }
) {}

/** The converted amount has more whole units than an int64 holds. */
export class AmountTooLarge extends Failure<AmountTooLarge>()(
  "AmountTooLarge",
  { grpc: "OUT_OF_RANGE", http: 422 },
  { currencyCode: Schema.String }
) {}

const ConversionError = Schema.Union(UnsupportedCurrency, AmountTooLarge)

/** Exact conversion by the European Central Bank's daily reference rates. */
export class CurrencyService extends Contract.Tag<CurrencyService>()(
  "CurrencyService",
  CurrencyServiceService,
  Rpc.make("getSupportedCurrencies", {
    payload: Contract.Empty,
    success: Schema.Struct({ currencyCodes: Schema.Array(CurrencyCode), ratesDate: Schema.String })
  }).annotate(Contract.Idempotent, true),
  Rpc.make("convert", {
    payload: { from: Money.FromWire, toCode: CurrencyCode },
    success: Money.FromWire,
    error: ConversionError
  }).annotate(Contract.Idempotent, true),
  Rpc.make("convertBatch", {
    payload: {
      from: Schema.Array(Money.FromWire).pipe(Schema.maxItems(1000)),
      toCode: CurrencyCode,
      toMinorUnit: Schema.Boolean
    },
    success: Schema.Struct({ converted: Schema.Array(Money.FromWire), ratesDate: Schema.String }),
    error: ConversionError
  }).annotate(Contract.Idempotent, true)
) {}
