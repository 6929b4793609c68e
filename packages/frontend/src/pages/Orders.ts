import { CheckoutService } from "@retro/contract/CheckoutService"
import { OrderId, type ProductId } from "@retro/domain/Ids"
import type { Order } from "@retro/domain/Order"
import { DateTime, Duration, Effect, Option, Schema } from "effect"
import { CatalogCache } from "../CatalogCache.ts"
import * as Degradation from "../Degradation.ts"
import { PageChrome } from "../PageChrome.ts"
import * as PagePrices from "../PagePrices.ts"
import * as Recommendations from "../Recommendations.ts"
import * as Refused from "../Refused.ts"
import * as Response from "../Response.ts"
import { both } from "../Together.ts"
import * as OrderPage from "../views/OrderPage.ts"
import * as OrdersPage from "../views/OrdersPage.ts"
import type { Page } from "./Page.ts"

/** The orders of a session: looking at one never places another. */
export const make = Effect.gen(function* () {
  const checkout = yield* CheckoutService
  const { converter } = yield* CatalogCache
  const chrome = yield* PageChrome
  const recommend = yield* Recommendations.make

  const list: Page = Effect.fnUntraced(function* (visit) {
    const [listed, around] = yield* both(
      Degradation.critical("orders", checkout.listOrders({ userId: visit.session.userId })),
      chrome.around(visit)
    )
    return Response.page(200, OrdersPage.view(around, listed))
  })

  const show: Page = Effect.fnUntraced(function* (visit) {
    const { userId } = visit.session
    const orderId = readId(visit.params["id"])
    if (Option.isNone(orderId))
      return yield* Refused.notFound("You have placed no order with this number from this browser.")
    const { status } = yield* Degradation.critical("order", checkout.getOrder({ userId, orderId: orderId.value }))
    const [others, around] = yield* both(recommend(userId, boughtIn(status.order)), chrome.around(visit))
    const recommendations =
      others === "unavailable" ? others : yield* PagePrices.ofProducts(converter, visit.currency, others)
    const justPlaced = status.order !== undefined && isRecent(status.order.placedAt, yield* DateTime.now)
    return Response.page(200, OrderPage.view(around, { status, justPlaced, recommendations }))
  })

  return { list, show }
})

const readId = Schema.decodeUnknownOption(OrderId)

const boughtIn = (order: Order | undefined): ReadonlyArray<ProductId> =>
  order?.items.map(({ item }) => item.productId) ?? []

const isRecent = (placedAt: DateTime.Utc, now: DateTime.Utc): boolean =>
  Duration.lessThan(DateTime.distanceDuration(placedAt, now), "2 minutes")
