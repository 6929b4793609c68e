import { OrderStatus } from "@retro/contract/CheckoutService"
import { CartItem } from "@retro/domain/Cart"
import * as Json from "@retro/domain/Json"
import { Data, Effect, Option, Schedule, Schema } from "effect"
import type { Dice } from "../simulation/Dice.ts"
import * as Browser from "../purchase/Shopper.ts"

/** No answer, or one that says nothing of what became of the request: ask again. */
class Unheard extends Data.TaggedError("Unheard") {}

/** Forms on their way: from their first submit until somebody hears what became of them. */
export interface InFlight {
  count: number
}

/** An order form that was sent and what the shop said to it. */
interface Intent {
  readonly form: Readonly<Record<string, string>>
  /** Where the order is, once it was said. */
  order: string | undefined
}

/** Somebody who buys through the website, and what they know. */
export interface Shopper {
  readonly name: string
  readonly browser: Browser.Shopper
  readonly intents: Array<Intent>
  /** How many of a product are in the cart for sure, and how many more may be because no answer was heard. */
  readonly added: Map<string, { sure: number; perhaps: number }>
}

const products = ["OLJCESPC7Z", "9SIQT8TOJO", "66VCHSJNUP", "2ZYFJ3GM2N"] as const
const cards = { good: "4432801561520454", poor: "4432801561520512" }

/** Buys once or twice in one session, however long the shop takes to answer. */
export const shop = Effect.fnUntraced(function* (port: number, name: string, dice: Dice, inFlight: InFlight) {
  const shopper: Shopper = { name, browser: Browser.make(port), intents: [], added: new Map() }
  for (let rounds = dice.pick(1, 1, 2); rounds > 0; rounds--) {
    yield* fill(shopper, dice)
    const order = yield* buy(shopper, dice, inFlight)
    if (order === undefined || !(yield* isSettled(shopper, order))) break
  }
  return shopper
})

/** Puts some games into the cart. */
const fill = Effect.fnUntraced(function* ({ added, browser }: Shopper, dice: Dice) {
  // The first page gives the cookie: a post without it would be another session's each time.
  yield* heard(browser.get("/"))
  for (let lines = dice.between(1, 2); lines > 0; lines--) {
    const [id, quantity] = [dice.pick(...products), dice.between(1, 2)]
    const answer = yield* Effect.option(answerOf(browser.post("/cart", { product_id: id, quantity: String(quantity) })))
    const line = added.get(id) ?? { sure: 0, perhaps: 0 }
    if (Option.isNone(answer)) line.perhaps += quantity
    else if (answer.value.status === 303) line.sure += quantity
    added.set(id, line)
  }
})

/** Submits the form of the cart until it is known what becomes of it: an order's path, or undefined for none. */
const buy = Effect.fnUntraced(function* (shopper: Shopper, dice: Dice, inFlight: InFlight) {
  const cart = yield* heard(shopper.browser.get("/cart"))
  let page: Browser.Page = cart
  for (let forms = 0; forms < 8; forms++) {
    const hidden = Browser.hidden(page, "/cart/checkout")
    if (Number(hidden["shown_total"] ?? 0) === 0) {
      if (!page.html.includes("/cart/checkout")) return undefined
      page = yield* Effect.delay(heard(shopper.browser.get("/cart")), "300 millis")
      continue
    }
    const number = forms === 0 && dice.chance(0.1) ? cards.poor : cards.good
    const intent: Intent = {
      form: { ...hidden, ...person(shopper.name), credit_card_number: number },
      order: undefined
    }
    shopper.intents.push(intent)
    inFlight.count++
    const answer = yield* Effect.ensuring(
      submit(shopper, intent, dice),
      Effect.sync(() => inFlight.count--)
    )
    if (answer.status === 303) {
      intent.order = answer.location ?? ""
      return intent.order
    }
    page = answer
    yield* Effect.sleep(dice.between(0, 300))
  }
  return undefined
})

/** The same form until there is an answer to it; at times twice at once, or with a shopper who hangs up first. */
const submit = (shopper: Shopper, { form }: Intent, dice: Dice) => {
  const once = Effect.filterOrFail(
    answerOf(shopper.browser.post("/cart/checkout", { ...form })),
    // A page that keeps the key says that nobody knows.
    (page) => Browser.hidden(page, "/cart/checkout")["idempotency_key"] !== form["idempotency_key"],
    () => new Unheard()
  )
  const hungUp = Effect.ignore(Effect.timeout(once, dice.between(1, 300)))
  const clicks = dice.chance(0.15) ? Effect.raceFirst(once, once) : once
  return untilHeard(dice.chance(0.15) ? Effect.zipRight(hungUp, clicks) : clicks)
}

/** Whether the order came to its end before long: its games are out of the cart then. */
const isSettled = ({ browser }: Shopper, order: string) =>
  statusOf(browser, order).pipe(
    Effect.map((status) => status.email === "sent"),
    Effect.orElseSucceed(() => false),
    Effect.delay("200 millis"),
    Effect.repeat({ until: (done) => done, times: 40 })
  )

/** What the shop says of an order by its path. */
export const statusOf = (browser: Browser.Shopper, path: string) =>
  Effect.map(call(browser, "getOrder", { orderId: path.replace("/order/", "") }, Status), ({ status }) => status)

/** Every order of the session. */
export const ordersOf = (browser: Browser.Shopper) =>
  Effect.map(call(browser, "listOrders", {}, Orders), ({ orders }) => orders)

/** What is in the session's cart. */
export const cartOf = (browser: Browser.Shopper) =>
  Effect.map(call(browser, "getCart", {}, Lines), ({ items }) => items)

const Status = Json.codec(Schema.Struct({ status: OrderStatus }))
const Orders = Json.codec(Schema.Struct({ orders: Schema.Array(OrderStatus) }))
const Lines = Schema.Struct({ items: Schema.Array(CartItem) })

/** Calls the shop for programs; fails where there is no success. */
const call = <A, I>(browser: Browser.Shopper, rpc: string, payload: unknown, success: Schema.Schema<A, I>) =>
  browser.call(rpc, payload).pipe(
    Effect.timeout("10 seconds"),
    Effect.catchAllDefect(() => new Unheard()),
    Effect.flatMap(Schema.decodeUnknown(success)),
    Effect.mapError(() => new Unheard())
  )

/** An answer that is one: nothing of ours, or of the way to us, stood between. */
const answerOf = (request: Effect.Effect<Browser.Page>): Effect.Effect<Browser.Page, Unheard> =>
  request.pipe(
    Effect.timeout("30 seconds"),
    Effect.catchAllDefect(() => new Unheard()),
    Effect.mapError(() => new Unheard()),
    Effect.filterOrFail(
      ({ html, status }) => (status < 500 && status !== 429) || html.includes("/cart/checkout"),
      () => new Unheard()
    )
  )

/** A page, however often it must be asked for. */
const heard = (request: Effect.Effect<Browser.Page>) =>
  answerOf(request).pipe(
    Effect.filterOrFail(
      ({ status }) => status === 200,
      () => new Unheard()
    ),
    untilHeard
  )

/** Asks for ever: there is no failure left. */
const untilHeard = <A>(ask: Effect.Effect<A, Unheard>): Effect.Effect<A> =>
  Effect.orDie(Effect.retry(ask, Schedule.spaced("200 millis")))

const person = (name: string) => ({
  name,
  email: `${name}@example.com`,
  street_address: "1 Main St",
  zip_code: "01234",
  city: "Springfield",
  state: "",
  country: "US",
  credit_card_expiration_month: "1",
  credit_card_expiration_year: "2039",
  credit_card_cvv: "672"
})
