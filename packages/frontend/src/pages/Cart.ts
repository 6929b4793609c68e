import { CartService } from "@retro/contract/CartService"
import { ProductCatalogService } from "@retro/contract/ProductCatalogService"
import { CartItem, maxQuantity, Quantity } from "@retro/domain/Cart"
import { ProductId } from "@retro/domain/Ids"
import { Effect, Either, Schema } from "effect"
import { CookieJar } from "../CookieJar.ts"
import * as DemoOrder from "../DemoOrder.ts"
import * as Form from "../Form.ts"
import { PageChrome } from "../PageChrome.ts"
import * as Preferences from "../Preferences.ts"
import * as Refused from "../Refused.ts"
import * as Response from "../Response.ts"
import type { Occasion } from "./CartView.ts"
import * as CartView from "./CartView.ts"
import type { Page } from "./Page.ts"

/** The cart and what can be done with it. */
export const make = Effect.gen(function* () {
  const carts = yield* CartService
  const catalog = yield* ProductCatalogService
  const jar = yield* CookieJar
  const { development } = yield* PageChrome
  const render = yield* CartView.make

  const show: Page = Effect.fnUntraced(function* (visit) {
    const { country, demo, product_id, quantity } = yield* Either.mapLeft(
      look(yield* Form.queried(visit.request)),
      ({ errors }) => Refused.fields(errors)
    )
    const removed =
      product_id === undefined || quantity === undefined ? undefined : new CartItem({ productId: product_id, quantity })
    const form: Occasion["form"] =
      demo === "1" && development
        ? { values: DemoOrder.values, demo: "filled" }
        : { values: { country: country === "" ? (visit.country ?? "") : country } }
    const asked = Preferences.countryOf(country)
    return Response.withCookies(
      yield* render(visit, { removed, form }),
      asked === undefined ? [] : [jar.write(visit.request, Preferences.cookies.country, asked)]
    )
  })

  /** Sets how many of a game are in the cart; none takes it out and offers to put it back. */
  const update: Page = Effect.fnUntraced(function* (visit) {
    const decoded = line(yield* Form.posted(visit.request))
    if (Either.isLeft(decoded)) {
      const { errors } = decoded.left
      if (errors.product_id !== undefined) return yield* Refused.fields(errors)
      const notice = { tone: "bad", heading: "The quantity was not changed", text: errors.quantity ?? "" } as const
      return yield* render(visit, { status: 422, notice })
    }
    const { userId } = visit.session
    const { product_id: productId, quantity } = decoded.right
    if (quantity > 0) {
      yield* catalog.getProduct({ id: productId })
      yield* carts.setQuantity({ userId, productId, quantity })
      return Response.seeOther("/cart")
    }
    const { items } = yield* carts.getCart({ userId })
    const removed = items.find((item) => item.productId === productId)
    yield* carts.setQuantity({ userId, productId, quantity: 0 })
    return Response.seeOther(
      removed === undefined ? "/cart" : `/cart?product_id=${productId}&quantity=${removed.quantity}`
    )
  })

  const empty: Page = (visit) => Effect.as(carts.emptyCart({ userId: visit.session.userId }), Response.seeOther("/"))

  return { show, update, empty }
})

const look = Form.make(
  Schema.Struct({
    country: Schema.String.pipe(Schema.maxLength(60)),
    demo: Schema.Literal("", "1"),
    product_id: Form.orAbsent(ProductId),
    quantity: Form.orAbsent(Form.WholeNumber.pipe(Schema.compose(Quantity)))
  }),
  {
    country: "This is too long for a country.",
    demo: "Only 1 means something here.",
    product_id: "This is not the number of a game.",
    quantity: "This is not a quantity from 1 to 99."
  }
)

const line = Form.make(
  Schema.Struct({ product_id: ProductId, quantity: Form.WholeNumber.pipe(Schema.between(0, maxQuantity)) }),
  {
    product_id: "This is not the number of a game.",
    quantity: "Choose a quantity from 0 to 99, in whole games; 0 takes the game out."
  }
)
