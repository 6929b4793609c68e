import { within } from "@retro/contract/CallContext"
import { ShippingService } from "@retro/contract/ShippingService"
import { Destination } from "@retro/domain/Address"
import type { CartItem } from "@retro/domain/Cart"
import * as Money from "@retro/domain/Money"
import { Effect, Option, Schema } from "effect"
import * as Degradation from "./Degradation.ts"
import type { CheckoutField } from "./views/Models.ts"

/** What shipping costs in US dollars, or why nobody can say: not there, or not now. */
export type ShippingQuote =
  | { readonly kind: "quoted"; readonly costUsd: Money.Money<"USD"> }
  | { readonly kind: "not-served" }
  | { readonly kind: "unavailable" }

/** Asks what it costs to ship these to where the form says so far. */
export type Ask = (
  items: ReadonlyArray<CartItem>,
  typed: Partial<Readonly<Record<CheckoutField, string>>>
) => Effect.Effect<ShippingQuote>

/** Quotes that never fail: a cart can be looked at without one. */
export const make: Effect.Effect<Ask, never, ShippingService> = Effect.map(
  ShippingService,
  (shipping) => (items, typed) =>
    items.length === 0
      ? Effect.succeed(nothing)
      : shipping.getQuote({ address: destinationOf(typed), items }).pipe(
          Effect.map(({ costUsd }): ShippingQuote => ({ kind: "quoted", costUsd })),
          Effect.catchTag("AddressNotServed", () => Effect.succeed<ShippingQuote>({ kind: "not-served" })),
          within(patience),
          Degradation.optional("shipping", unavailable)
        )
)

/** A cart waits no longer for its quote. */
const patience = "1 second"

const nothing: ShippingQuote = { kind: "quoted", costUsd: Money.zero("USD") }
const unavailable: ShippingQuote = { kind: "unavailable" }

const decode = Schema.decodeUnknownOption(Destination)

const destinationOf = (typed: Partial<Readonly<Record<CheckoutField, string>>>): Destination | undefined =>
  Option.getOrUndefined(
    decode({
      recipient: "",
      streetAddress: typed.street_address ?? "",
      city: typed.city ?? "",
      state: typed.state ?? "",
      postalCode: typed.zip_code ?? "",
      country: typed.country ?? ""
    })
  )
