import { Duration, Effect } from "effect"
import * as Purchase from "../purchase/Purchase.ts"
import * as Crowd from "../rolling/Crowd.ts"
import * as Truth from "../test/Truth.ts"
import * as Kept from "./Kept.ts"
import * as Trial from "./Trial.ts"

/** A shop of pods, and who shops there. */
export interface Plan {
  /** "http://host:port". */
  readonly website: string
  /** "host:port". */
  readonly redis: string
  readonly shoppers: number
  readonly say: (text: string) => void
}

/** How long the shop may take to sell, once nothing is wrong any more. */
const toSell: Duration.DurationInput = "60 seconds"

/**
 * Does to the pods what happens to pods, while shoppers buy. After each time all laws of buying must hold, and at the end
 * every order that anybody was shown must be as its page said. Succeeds with what is not so.
 */
export const run = Effect.fnUntraced(function* (plan: Plan) {
  const broken = [...(yield* laws(plan, "at the start"))]
  const orders = new Array<Crowd.Shown>()
  for (const { name, strike } of Trial.all) {
    const met = yield* Effect.scoped(during(plan, name, strike))
    orders.push(...met.orders)
    broken.push(...(yield* laws(plan, name)))
  }
  const truth = yield* booksOf(plan.redis)
  for (const order of orders) {
    const done = yield* order.failed ? truth.of(order.id) : Truth.settled(truth.of(order.id))
    if (!Kept.is(order, done)) broken.push(`${JSON.stringify(order)} ended with ${JSON.stringify(done)}`)
  }
  const failed = orders.filter(({ failed }) => failed).length
  return { orders: orders.length - failed, failed, broken }
})

/** What shoppers met with while it happened, and until the shop sold again. */
const during = Effect.fnUntraced(function* (
  { say, shoppers, website }: Plan,
  name: string,
  strike: Effect.Effect<void>
) {
  const crowd = yield* Crowd.gather(website, shoppers)
  const [took] = yield* Effect.timed(Effect.zipRight(strike, sells(website)))
  const met = yield* crowd.sendHome
  say(`${name}: sells again ${Math.round(Duration.toMillis(took))} ms after`)
  say(`  ${met.requests} requests, ${met.orders.length} orders, ${met.failures.length} visits cut short`)
  return met
})

/** Succeeds when somebody has bought without a failure. */
const sells = (website: string) =>
  Crowd.one(website).pipe(
    Effect.delay("200 millis"),
    Effect.repeat({ until: ({ failures }) => failures.length === 0 }),
    Effect.timeoutFail({ duration: toSell, onTimeout: () => new Error("the shop does not sell") }),
    Effect.orDie
  )

/** The laws of buying that do not hold now. */
const laws = Effect.fnUntraced(function* ({ website }: Plan, when: string) {
  const lines = new Array<string>()
  const count = yield* Purchase.run({ origin: website, patience: toSell, say: (line) => void lines.push(line) })
  return count === 0 ? [] : [`${when}: ${lines.join("\n")}`]
})

/** What was done for every order, as Redis and the pods' logs have it. */
const booksOf = Effect.fnUntraced(function* (redis: string) {
  const written = (tier: Parameters<typeof Trial.podOf>[0]) =>
    Effect.map(Trial.podOf(tier).lines, (lines) => ({ lines }))
  return yield* Truth.make(
    { address: redis },
    {
      payment: yield* written("paymentservice"),
      shipping: yield* written("shippingservice"),
      email: yield* written("emailservice")
    }
  )
})
