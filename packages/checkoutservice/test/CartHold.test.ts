import { describe, it } from "@effect/vitest"
import { assertEquals, assertTrue, deepStrictEqual } from "@effect/vitest/utils"
import { EarlierOrderUnsettled, PricingUnavailable } from "@retro/contract/CheckoutService"
import { CallFailed, PeerRefused } from "@retro/contract/Contract"
import { CartService } from "@retro/contract/CartService"
import { codes } from "@retro/contract/Status"
import { IdempotencyKey, OrderId } from "@retro/domain/Ids"
import { Effect, Layer, Option } from "effect"
import * as CartHold from "../src/CartHold.ts"
import { JournalStore } from "../src/JournalStore.ts"
import * as JournalStoreMemory from "../src/JournalStoreMemory.ts"
import { makeWorld, shopper } from "./Shop.ts"

const earlier = OrderId.make("7b4f9c9d-6f86-82f2-874c-f9586d75560f")
const later = OrderId.make("00000000-0000-8000-8000-000000000000")

/** Holds a cart for the later order while the earlier one, without an answer, has it; counts how often the cart is asked. */
const held = <A, E>(
  parked: boolean,
  use: (hold: Effect.Effect.Success<ReturnType<typeof CartHold.make>>, asked: { count: number }) => Effect.Effect<A, E>
) => {
  const asked = { count: 0 }
  const carts = Layer.mock(CartService, {
    holdCart: () =>
      Effect.sync(() => {
        asked.count++
        return { cart: makeWorld().cart, heldBy: IdempotencyKey.make(earlier) }
      })
  })
  return Effect.gen(function* () {
    const store = yield* JournalStore
    const claim = yield* store.claim({
      id: earlier,
      program: "PlaceOrder@1",
      group: shopper,
      fingerprint: "",
      input: ""
    })
    assertTrue(claim._tag === "Mine")
    if (parked) yield* store.park(earlier, claim.owner)
    const hold = yield* CartHold.make(() => Effect.succeed(Option.none()))
    return yield* use(hold, asked)
  }).pipe(Effect.provide([JournalStoreMemory.layerMemory, carts]))
}

describe("a cart that an earlier order holds", () => {
  it.effect("is silent while that order is under way, and says which one it is when asking is given up", () =>
    held(false, (hold) =>
      Effect.gen(function* () {
        assertTrue((yield* Effect.flip(hold.take(shopper, later))) instanceof CallFailed)
        deepStrictEqual(yield* hold.refusal(shopper, later), new EarlierOrderUnsettled({ orderId: earlier }))
      })
    )
  )

  it.effect("says so at once where that order is parked: nobody waits for an operator", () =>
    held(true, (hold, asked) =>
      Effect.gen(function* () {
        deepStrictEqual(yield* Effect.flip(hold.take(shopper, later)), new EarlierOrderUnsettled({ orderId: earlier }))
        assertEquals(asked.count, 1)
      })
    )
  )

  it.effect(
    "is given without a hold by a cart service of before there were holds: no order is lost while it is updated",
    () => {
      const old = Layer.mock(CartService, {
        holdCart: () => new PeerRefused({ path: "", code: codes.UNIMPLEMENTED, reason: "" }),
        getCart: () => Effect.succeed(makeWorld().cart)
      })
      return Effect.gen(function* () {
        const hold = yield* CartHold.make(() => Effect.succeed(Option.none()))
        deepStrictEqual(yield* hold.take(shopper, later), makeWorld().cart)
      }).pipe(Effect.provide([JournalStoreMemory.layerMemory, old]))
    }
  )

  it.effect("is not named where the order has its cart, and it is the price that is missing", () =>
    held(false, (hold) =>
      Effect.map(hold.refusal(shopper, earlier), (failure) => assertTrue(failure instanceof PricingUnavailable))
    )
  )
})
