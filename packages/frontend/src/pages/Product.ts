import { within } from "@retro/contract/CallContext"
import { CartService } from "@retro/contract/CartService"
import { ProductCatalogService } from "@retro/contract/ProductCatalogService"
import { CartItem, Quantity } from "@retro/domain/Cart"
import { ProductId } from "@retro/domain/Ids"
import { Array, Effect, Either, Option, Schema } from "effect"
import { CatalogCache } from "../CatalogCache.ts"
import * as Degradation from "../Degradation.ts"
import * as Form from "../Form.ts"
import { PageChrome } from "../PageChrome.ts"
import { explain } from "../PageFailure.ts"
import * as PagePrices from "../PagePrices.ts"
import * as Preferences from "../Preferences.ts"
import * as Recommendations from "../Recommendations.ts"
import * as Refused from "../Refused.ts"
import * as Response from "../Response.ts"
import { both } from "../Together.ts"
import type { ProductModel } from "../views/Models.ts"
import * as ProductPage from "../views/ProductPage.ts"
import type { Visit } from "../Visit.ts"
import type { Page } from "./Page.ts"

/** One game, and the form that puts it in the cart. */
export const make = Effect.gen(function* () {
  const carts = yield* CartService
  const catalog = yield* ProductCatalogService
  const { converter, currencies, games: cached } = yield* CatalogCache
  const chrome = yield* PageChrome
  const recommend = yield* Recommendations.make

  /** A game as it is, or as it was when nobody says. */
  const find = (id: ProductId) =>
    catalog.getProduct({ id }).pipe(
      within(patience),
      Degradation.fallback(
        "game",
        Effect.flatMap(cached, ({ readAt, value }) =>
          Effect.map(
            Array.findFirst(value, (game) => game.id === id),
            (game) => ({ value: game, readAt })
          )
        )
      )
    )

  const render = Effect.fnUntraced(function* (visit: Visit, id: ProductId, status: number, form: Typed) {
    const [others, [around, product]] = yield* both(
      recommend(visit.session.userId, [id]),
      both(chrome.around(visit), find(id))
    )
    const games = others === "unavailable" ? [product] : [product, ...others]
    const [first, ...rest] = yield* PagePrices.ofProducts(converter, visit.currency, games)
    const rate = visit.currency === Preferences.defaultCurrency ? Option.none() : yield* Effect.option(currencies)
    const model: ProductModel = {
      product,
      price: first?.price ?? null,
      rateDate: Option.getOrUndefined(Option.map(rate, ({ ratesDate }) => ratesDate)),
      recommendations: others === "unavailable" ? others : rest,
      ...form
    }
    return Response.page(status, ProductPage.view(around, model))
  })

  const show: Page = (visit) =>
    Option.match(readId(visit.params["id"]), {
      onNone: () => Effect.fail(Refused.notFound("We do not sell a game under this number.")),
      onSome: (id) => render(visit, id, 200, {})
    })

  /** Puts a game in the cart; says beside the quantity why it cannot. */
  const add: Page = Effect.fnUntraced(function* (visit) {
    const fields = yield* Form.posted(visit.request)
    const decoded = addToCart(fields)
    if (Either.isLeft(decoded)) {
      const { errors } = decoded.left
      const id = readId(fields.get("product_id")?.[0])
      if (errors.product_id !== undefined || Option.isNone(id)) return yield* Refused.fields(errors)
      return yield* render(visit, id.value, 422, {
        quantityError: errors.quantity,
        quantity: fields.get("quantity")?.[0]
      })
    }
    const { product_id: productId, quantity } = decoded.right
    yield* find(productId)
    return yield* carts.addItem({ userId: visit.session.userId, item: new CartItem({ productId, quantity }) }).pipe(
      Effect.as(Response.seeOther("/cart")),
      Effect.catchTag("CartFull", "QuantityTooLarge", (failure) => {
        const { sentence, status } = explain(failure)
        return render(visit, productId, status, { quantityError: sentence, quantity: String(quantity) })
      })
    )
  })

  return { show, add }
})

/** A page waits no longer for its game before it shows it as it was. */
const patience = "1 second"

type Typed = Pick<ProductModel, "quantity" | "quantityError">

const readId = Schema.decodeUnknownOption(ProductId)

const addToCart = Form.make(
  Schema.Struct({ product_id: ProductId, quantity: Form.WholeNumber.pipe(Schema.compose(Quantity)) }),
  {
    product_id: "This is not the number of a game.",
    quantity: "Choose a quantity from 1 to 99, in whole games."
  }
)
