import { randomUUID } from "node:crypto"
import { within } from "@retro/contract/CallContext"
import { CartService } from "@retro/contract/CartService"
import { CurrencyService } from "@retro/contract/CurrencyService"
import { ProductCatalogService } from "@retro/contract/ProductCatalogService"
import type { CartItem } from "@retro/domain/Cart"
import type { ProductId } from "@retro/domain/Ids"
import * as Money from "@retro/domain/Money"
import type { Product } from "@retro/domain/Product"
import { DateTime, Effect } from "effect"
import * as Country from "@retro/domain/Country"
import { CatalogCache } from "../CatalogCache.ts"
import * as Degradation from "../Degradation.ts"
import { PageChrome } from "../PageChrome.ts"
import type { PageFailure } from "../PageFailure.ts"
import * as PagePrices from "../PagePrices.ts"
import * as PricedCart from "../PricedCart.ts"
import * as Recommendations from "../Recommendations.ts"
import * as Response from "../Response.ts"
import { both } from "../Together.ts"
import * as ShippingQuote from "../ShippingQuote.ts"
import * as CartPage from "../views/CartPage.ts"
import type { CartModel, CheckoutForm, Shipping } from "../views/Models.ts"
import type { Visit } from "../Visit.ts"

/** Why the cart is shown, where it is more than a look. */
export interface Occasion {
  readonly status?: number
  readonly notice?: CartModel["notice"]
  /** What was just taken out. */
  readonly removed?: CartItem | undefined
  readonly form?: Partial<Pick<CheckoutForm, "values" | "errors" | "demo" | "idempotencyKey">>
}

/** The page of the cart, as several requests end in it. */
export type CartView = (visit: Visit, occasion?: Occasion) => Effect.Effect<Response.Response, PageFailure>

/** Reads what is in the cart, and what it costs, anew: what is shown here is what can be ordered. */
export const make = Effect.gen(function* () {
  const carts = yield* CartService
  const catalog = yield* ProductCatalogService
  const currency = yield* CurrencyService
  const { games } = yield* CatalogCache
  const chrome = yield* PageChrome
  const recommend = yield* Recommendations.make
  const quoteFor = yield* ShippingQuote.make

  const find = (ids: ReadonlyArray<ProductId>) =>
    ids.length === 0
      ? Effect.succeed(new Map<ProductId, Product>())
      : Effect.map(catalog.getProducts({ ids }), ({ products }) => products).pipe(
          within(patience),
          Degradation.fallback("cart-games", games),
          Effect.map((products) => new Map(products.map((product) => [product.id, product])))
        )

  const render: CartView = Effect.fnUntraced(function* (visit, { form, notice, removed, status } = {}) {
    const cart = yield* Degradation.critical("cart", carts.getCart({ userId: visit.session.userId }))
    const ids = cart.items.map(({ productId }) => productId)
    const [others, [quote, [products, around]]] = yield* both(
      recommend(visit.session.userId, ids),
      both(
        quoteFor(cart.items, form?.values ?? {}),
        both(find(removed === undefined ? ids : [...ids, removed.productId]), chrome.around(visit, { cart }))
      )
    )

    const shippingUsd = quote.kind === "quoted" ? quote.costUsd : Money.zero("USD")
    const shown = [...products.values(), ...(others === "unavailable" ? [] : others)]
    const amounts = [shippingUsd, ...shown.map(({ priceUsd }) => priceUsd)]
    const converted = yield* PagePrices.inCurrency(currency, visit.currency, amounts, "cart-prices")
    const prices = new Map(
      shown.flatMap(({ id }, index) => {
        const price = converted?.[index + 1]
        return price === undefined ? [] : [[id, price] as const]
      })
    )
    const shipping = shippingOf(quote, converted?.[0])
    const gone = removed === undefined ? undefined : products.get(removed.productId)

    const model: CartModel = {
      version: cart.version,
      shipping,
      form: {
        values: form?.values ?? {},
        errors: form?.errors ?? {},
        countries: Country.all(),
        thisYear: DateTime.getPartUtc(yield* DateTime.now, "year"),
        demo: form?.demo ?? (around.development ? "offered" : "none"),
        idempotencyKey: form?.idempotencyKey ?? randomUUID()
      },
      notice,
      removed: gone === undefined || removed === undefined ? undefined : { product: gone, quantity: removed.quantity },
      recommendations:
        others === "unavailable"
          ? others
          : others.map((product) => ({ product, price: prices.get(product.id) ?? null })),
      ...PricedCart.make(cart, visit.currency, {
        products,
        prices,
        shippingCost: shipping.kind === "quoted" ? shipping.cost : undefined
      })
    }
    return Response.page(status ?? 200, CartPage.view(around, model))
  })

  return render
})

/** A cart waits no longer for its games before it shows them as they were. */
const patience = "1 second"

const shippingOf = (quote: ShippingQuote.ShippingQuote, cost: Money.Money | undefined): Shipping =>
  quote.kind !== "quoted" ? quote : cost === undefined ? { kind: "unavailable" } : { kind: "quoted", cost }
