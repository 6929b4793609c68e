import { Cause, Deferred, Effect, Fiber, Random, type Scope } from "effect"
import * as OrderForm from "../purchase/OrderForm.ts"
import * as Shopper from "../purchase/Shopper.ts"

/** What shoppers met with. */
export interface Report {
  requests: number
  /** Requests that were not answered as they should, each in a line. */
  readonly failures: Array<string>
  /** The orders that they were shown. */
  readonly orders: Array<Shown>
}

/** An order, and whether its page said in the end that it did not go through. */
export interface Shown {
  readonly id: string
  readonly failed: boolean
}

/** Shoppers who buy and buy until they are sent home; each finishes what is under way. */
export interface Crowd {
  readonly sendHome: Effect.Effect<Report>
}

const games = ["OLJCESPC7Z", "66VCHSJNUP", "1YMWWN1N4O", "9SIQT8TOJO"]

/** Between two requests of a shopper. */
const pause = "20 millis"

/** Between two looks at an order that is being placed, and how long it may be. */
const [lookAgain, settled] = ["500 millis", "60 seconds"] as const

/** What the page of an order says of it. */
export const says = ({ text }: Pick<Shopper.Page, "text">): "in progress" | "failed" | "fine" =>
  /Your order is (being placed|held up)/.test(text)
    ? "in progress"
    : text.includes("This order did not go through")
      ? "failed"
      : "fine"

/** So many shoppers at the shop at this origin, each in a new session for every order. */
export const gather = (origin: string, shoppers: number): Effect.Effect<Crowd, never, Scope.Scope> =>
  Effect.gen(function* () {
    const report = none()
    const closing = yield* Deferred.make<void>()
    const buying = Effect.repeat(visit(origin, report), { until: () => Deferred.isDone(closing) })
    const fibers = yield* Effect.replicateEffect(Effect.forkScoped(buying), shoppers)
    return {
      sendHome: Deferred.succeed(closing, undefined).pipe(Effect.zipRight(Fiber.joinAll(fibers)), Effect.as(report))
    }
  })

/** One shopper, one order. */
export const one = (origin: string): Effect.Effect<Report> =>
  Effect.suspend(() => {
    const report = none()
    return Effect.as(visit(origin, report), report)
  })

const none = (): Report => ({ requests: 0, failures: [], orders: [] })

/** Looks around, buys two games, looks at the order until it is placed. Whatever fails ends the visit, and is written down. */
const visit = Effect.fnUntraced(function* (origin: string, report: Report) {
  const shopper = Shopper.at(origin)
  const ask = Effect.fnUntraced(function* (name: string, status: number, request: Effect.Effect<Shopper.Page>) {
    report.requests++
    const page = yield* Effect.catchAllCause(request, (cause) => Effect.fail(`${name}: ${said(cause)}`))
    return page.status === status ? page : yield* Effect.fail(`${name} answered ${page.status}, not ${status}`)
  }, Effect.delay(pause))
  const [first = "", second = ""] = yield* Random.shuffle(games)
  yield* Effect.gen(function* () {
    yield* ask("home", 200, shopper.get("/"))
    yield* ask("search", 200, shopper.get("/search?q=light"))
    for (const id of [first, second]) {
      yield* ask("product", 200, shopper.get(`/product/${id}`))
      yield* ask("add to cart", 303, shopper.post("/cart", { product_id: id, quantity: "2" }))
    }
    const cart = yield* ask("cart", 200, shopper.get("/cart"))
    const placed = yield* ask("order", 303, shopper.post("/cart/checkout", OrderForm.of(cart)))
    const location = placed.location ?? ""
    const look = ask("order page", 200, shopper.get(location))
    const last = yield* Effect.iterate(yield* look, {
      while: (page) => says(page) === "in progress",
      body: () => Effect.delay(look, lookAgain)
    }).pipe(Effect.timeoutFail({ duration: settled, onTimeout: () => `${location} stays in progress` }))
    report.orders.push({ id: location.split("/").at(-1) ?? "", failed: says(last) === "failed" })
  }).pipe(
    Effect.catchAll((failure) => Effect.sync(() => void report.failures.push(`${new Date().toISOString()} ${failure}`)))
  )
})

/** "fetch failed, other side closed". */
const said = (cause: Cause.Cause<never>): string => {
  const { cause: reason, message } = Cause.prettyErrors(cause)[0] ?? { message: "interrupted" }
  return reason instanceof Error ? `${message}, ${reason.message}` : message
}
