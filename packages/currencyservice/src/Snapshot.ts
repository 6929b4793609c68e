import type { CurrencyCode } from "@retro/domain/Currency"
import { BigDecimal, Either, Record } from "effect"
import * as RateTable from "./RateTable.ts"

/** Units per euro, as published. Source: European Central Bank, euro foreign exchange reference rates. */
const published = {
  USD: "1.1225",
  JPY: "176.99",
  CZK: "24.470",
  DKK: "7.4736",
  GBP: "0.85033",
  HUF: "369.18",
  PLN: "4.3775",
  RON: "5.3488",
  SEK: "11.2900",
  CHF: "0.9279",
  ISK: "137.00",
  NOK: "10.8315",
  TRY: "55.1650",
  AUD: "1.6176",
  BRL: "5.8610",
  CAD: "1.5984",
  CNY: "7.5259",
  HKD: "8.8084",
  IDR: "20149.32",
  ILS: "3.4408",
  INR: "108.1245",
  KRW: "1513.44",
  MXN: "20.5806",
  MYR: "4.5849",
  NZD: "2.0002",
  PHP: "70.265",
  SGD: "1.4366",
  THB: "37.710",
  ZAR: "18.7839"
} as const satisfies { readonly [C in CurrencyCode]?: string }

/**
 * The table that the shop starts with: the European Central Bank's reference rates of 2026-10-02. It is
 * written out here, not read from eurofxref-daily.xml, so that a service bundled into one file has it too; a test holds
 * the two equal.
 */
export const table: RateTable.RateTable = Either.getOrThrow(
  RateTable.make("2026-10-02", Record.toEntries(Record.map(published, BigDecimal.unsafeFromString)))
)
