import * as Table from "./Table.ts"

/** How fast the bench must find the shop: operations in the CPU time that the bare thing needs for one. */
export const ratios = {
  "gRPC server": 0.8,
  "gRPC server, every call traced": 0.55,
  "gRPC client": 0.8,
  "home page": 0.6,
  /** Beside the same page by twelve calls in a row. */
  "home page of nine processes": 4
} as const

/** What every request traced and sent may cost at most, in CPU of a page without any of it. */
export const telemetry = 1.35

/** How much of a thing, at most, at any speed. */
export const most = {
  /** Latency at half of the capacity, p99 in parts of p50, in one process. */
  tail: 3,
  /** By how much cost may grow with the catalogue: its exponent from 1,000 to 100,000 products. */
  growth: 0.1,
  /** From the start of node, in milliseconds of CPU: on a machine of its own that is the time it takes. */
  firstPage: 500,
  serving: 200,
  /** What a journal in memory adds to an order, in microseconds of CPU. */
  journal: 1000,
  /** What checkoutservice needs for an order beyond the calls that it makes, in microseconds of CPU. */
  checkout: 1000
} as const

/** Idle memory at most, in MB: services without an HTTP client, those with one, the shop in one process. */
export const memory = { service: 65, more: 90, station: 110 } as const

/** Calls of other services that a page makes at most, once the catalogue and the rates are remembered. */
export const calls = { home: 1, search: 2, product: 4, cart: 6 } as const

/** Round trips to Redis for one operation on a cart, or on a store of outcomes. */
export const roundTrips = 1

/**
 * Operations on its store for what is done once per key: it is claimed before and settled after, whatever stops in
 * between, and answered from there when it is asked for again.
 */
export const deed = { first: 2, again: 1 } as const

/** The same of paymentservice: a charge by a token also reads what is kept of the card. */
export const payment = { tokenize: 1, charge: deed.first + 1, again: deed.again } as const

/**
 * What one order asks of Redis, by the call it is asked for; getProducts, getQuote and convertBatch ask it nothing. The
 * mock carrier keeps its parcels there: a real one keeps its own.
 */
export const placeOrder = {
  journal: 6,
  tokenize: payment.tokenize,
  holdCart: roundTrips,
  charge: payment.charge,
  shipOrder: deed.first,
  "the mock carrier": 2,
  removeBought: roundTrips,
  sendOrderConfirmation: deed.first
} as const

/** What a page weighs at most as a browser receives it, in bytes. */
export const pageBytes = { home: 8_000, search: 8_000, product: 5_000, cart: 8_000 } as const

/** What node reads to start a service, or the website, at most, in bytes. */
export const bundleBytes = 1_300_000

/** One budget and what was found. */
export interface Verdict {
  readonly name: string
  readonly found: number
  readonly limit: number
  readonly kept: boolean
}

export const atLeast = (name: string, found: number, limit: number): Verdict => ({
  name,
  found,
  limit,
  kept: found >= limit
})

export const atMost = (name: string, found: number, limit: number): Verdict => ({
  name,
  found,
  limit,
  kept: found <= limit
})

/** A table of verdicts; nothing where there are none. */
export const toText = (verdicts: ReadonlyArray<Verdict>): string =>
  verdicts.length === 0
    ? ""
    : Table.make(verdicts, [
        { heading: "budget", cell: ({ name }) => name },
        { heading: "found", cell: ({ found }) => Table.number(found) },
        { heading: "limit", cell: ({ limit }) => Table.number(limit) },
        { heading: "", cell: ({ kept }) => (kept ? "kept" : "MISSED") }
      ])
