import { describe, it } from "@effect/vitest"
import { deepStrictEqual } from "@effect/vitest/utils"
import { OrderId, TrackingId } from "@retro/domain/Ids"
import * as Money from "@retro/domain/Money"
import { Order } from "@retro/domain/Order"
import { Arbitrary, Either, FastCheck } from "effect"
import type { Books } from "../chaos/Books.ts"
import * as Invariants from "../chaos/Invariants.ts"

const [sample] = FastCheck.sample(Arbitrary.make(Order), { numRuns: 1, seed: 1 })
const total = Either.getOrThrow(Money.fromDecimal("USD", "19.99"))
const id = "3f2c1d00-0000-4000-8000-000000000001"
const order = new Order({
  ...sample!,
  orderId: OrderId.make(id),
  shippingTrackingId: TrackingId.make("RS00000001"),
  total
})

const books: Pick<Books, "charges" | "parcels" | "mails"> = {
  charges: new Map([[`${id}:charge`, { transactionId: "charge-1", amount: "$19.99", refunded: false }]]),
  parcels: new Map([[`${id}:ship`, { trackingId: "RS00000001", stopped: false }]]),
  mails: new Map([[Invariants.mailOf(id), 1]])
}

/** Each way in which a shop can go wrong, as the books would have it. */
const wrongs: ReadonlyArray<readonly [string, typeof books, ReadonlyArray<Order>]> = [
  [
    "a charge given back",
    { ...books, charges: new Map([[`${id}:charge`, { transactionId: "charge-1", amount: "$19.99", refunded: true }]]) },
    [order]
  ],
  [
    "a second charge",
    {
      ...books,
      charges: new Map([
        ...books.charges,
        ["other:charge", { transactionId: "charge-2", amount: "$19.99", refunded: false }]
      ])
    },
    [order]
  ],
  [
    "another amount",
    { ...books, charges: new Map([[`${id}:charge`, { transactionId: "charge-1", amount: "$1.00", refunded: false }]]) },
    [order]
  ],
  ["no charge", { ...books, charges: new Map() }, [order]],
  ["no parcel", { ...books, parcels: new Map() }, [order]],
  [
    "a parcel that was stopped",
    { ...books, parcels: new Map([[`${id}:ship`, { trackingId: "RS00000001", stopped: true }]]) },
    [order]
  ],
  [
    "a second parcel",
    { ...books, parcels: new Map([...books.parcels, ["other:ship", { trackingId: "RS00000002", stopped: false }]]) },
    [order]
  ],
  [
    "another parcel",
    { ...books, parcels: new Map([[`${id}:ship`, { trackingId: "RS00000002", stopped: false }]]) },
    [order]
  ],
  ["no mail", { ...books, mails: new Map() }, [order]],
  ["a second mail", { ...books, mails: new Map([...books.mails, ["other", 1]]) }, [order]],
  ["an order nobody knows", books, []],
  ["an order twice", books, [order, order]]
]

describe("the books of a chaos run", () => {
  it("agree about an order that was charged, shipped and written about", () => {
    deepStrictEqual(Invariants.inTheBooks(books, [order]), [])
  })

  for (const [name, those, orders] of wrongs) {
    it(`do not agree about ${name}`, () => {
      deepStrictEqual(Invariants.inTheBooks(those, orders).length > 0, true)
    })
  }
})
