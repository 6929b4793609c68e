import { CheckoutService } from "@retro/contract/CheckoutService"
import { CartService } from "@retro/contract/CartService"
import { Address } from "@retro/domain/Address"
import { CartItem } from "@retro/domain/Cart"
import { CreditCard } from "@retro/domain/CreditCard"
import { IdempotencyKey, UserId } from "@retro/domain/Ids"
import { Effect, Either, Fiber, Redacted } from "effect"
import type { Dice } from "./Dice.ts"
import * as Games from "./Games.ts"
import { short, type Trace, increment } from "./Trace.ts"
import { Carts, instrumentOf, poorPrefix, type World } from "./World.ts"

type Request = Parameters<typeof CheckoutService.Service.placeOrder>[0]

/** What somebody wants to buy, once: all submits of one order form, and what came of each. */
export interface Intent {
  readonly requests: ReadonlyArray<Request>
  /** For each request what was answered to it, silence left out. */
  readonly answers: ReadonlyArray<Array<string>>
}

/** Who buys, with a card and an address of their own. */
export interface Shopper {
  readonly name: string
  readonly userId: UserId
  readonly intents: Array<Intent>
}

/** The shopper of that number. */
export const make = (number: number): Shopper => {
  const name = `shopper-${number}`
  return { name, userId: UserId.make(name), intents: [] }
}

/** Lives: fills a cart, submits, asks again, changes cards and minds. Ends when nothing is left to be done. */
export const live = Effect.fnUntraced(function* (shopper: Shopper, dice: Dice, world: World, trace: Trace) {
  const carts = yield* Carts
  const modern = dice.chance(0.75)
  const fill = Effect.fnUntraced(function* () {
    const item = new CartItem({ productId: dice.pick(...Games.all).id, quantity: dice.between(1, 3) })
    yield* Effect.orDie(carts.add(shopper.userId, item))
    increment(world.added, `${shopper.userId} ${item.productId}`, item.quantity)
  })
  yield* Effect.repeatN(fill(), dice.below(3))
  const meanwhile = modern ? yield* Effect.fork(addMeanwhile(shopper, dice)) : Fiber.void
  let poor = dice.chance(0.25)
  for (let round = 1; round <= 3; round++) {
    const elsewhere =
      modern && dice.chance(0.25) ? buy(shopper, { modern, poor, round: round + 3 }, dice, trace) : Effect.void
    const [answer] = yield* Effect.all([buy(shopper, { modern, poor, round }, dice, trace), elsewhere], {
      concurrency: 2
    })
    if (answer === undefined) break
    if (answer.startsWith("order")) {
      if (!modern || dice.chance(0.5)) break
      if (dice.chance(0.5)) yield* fill()
    } else if (dice.chance(0.2)) break
    poor = false
    yield* Effect.sleep(dice.between(100, 5000))
  }
  yield* Fiber.join(meanwhile)
})

/** Buys two games with one click, asks again until there is an answer, and finds one more of them meanwhile: no dice. */
export const livePlainly = Effect.fnUntraced(function* (shopper: Shopper, poor: boolean, world: World, trace: Trace) {
  const carts = yield* Carts
  const item = (quantity: number) => new CartItem({ productId: Games.all[0].id, quantity })
  const put = Effect.fnUntraced(function* (quantity: number) {
    yield* Effect.orDie(carts.add(shopper.userId, item(quantity)))
    increment(world.added, `${shopper.userId} ${Games.all[0].id}`, quantity)
  })
  yield* put(2)
  yield* Effect.fork(Effect.delay(put(1), 3))
  const request = requestOf(shopper, { key: IdempotencyKey.make(`${shopper.name}-form`), poor })
  const intent: Intent = { requests: [request], answers: [[]] }
  shopper.intents.push(intent)
  yield* click(shopper, request, trace).pipe(
    Effect.tap((answer) => Effect.sync(() => isFinal(answer) && intent.answers[0]?.push(answer))),
    Effect.tap((answer) => (isFinal(answer) ? Effect.void : Effect.sleep("3 seconds"))),
    Effect.repeat({ until: isFinal, times: 10 })
  )
})

/** Puts more into the cart while it is being bought. */
const addMeanwhile = Effect.fnUntraced(function* ({ userId }: Shopper, dice: Dice) {
  const cart = yield* CartService
  for (let left = dice.below(6); left > 0; left--) {
    yield* Effect.sleep(dice.between(1, 2500))
    const item = new CartItem({ productId: dice.pick(...Games.all).id, quantity: dice.between(1, 2) })
    yield* Effect.ignore(cart.addItem({ userId, item }))
  }
})

/** Submits one order form until there is an answer; undefined where the shopper gives up before. */
const buy = Effect.fnUntraced(function* (
  shopper: Shopper,
  { modern, poor, round }: { readonly modern: boolean; readonly poor: boolean; readonly round: number },
  dice: Dice,
  trace: Trace
) {
  const carts = yield* Carts
  const cart = yield* Effect.orDie(carts.get(shopper.userId))
  const request: Request = {
    ...requestOf(shopper, { key: modern ? IdempotencyKey.make(`${shopper.name}-form-${round}`) : undefined, poor }),
    userCurrency: dice.pick("USD", "EUR"),
    cartVersion: modern && dice.chance(0.5) ? cart.version : undefined
  }
  const other = { ...request, address: addressOf(shopper, "2 Other St") }
  const requests = modern && dice.chance(0.15) ? [request, other] : [request]
  const intent: Intent = { requests, answers: requests.map(() => []) }
  shopper.intents.push(intent)
  const clicks = requests.flatMap((asked, index) =>
    Array.from({ length: dice.pick(1, 1, 2, 3) }, () =>
      submit(shopper, asked, intent.answers[index] ?? [], dice, trace)
    )
  )
  const answers = yield* Effect.all(clicks, { concurrency: "unbounded" })
  return answers.every((answer) => answer !== undefined)
    ? (answers.find((answer) => answer?.startsWith("order")) ?? answers[0])
    : undefined
})

/** Clicks, and again under the same key as long as there is no answer and some patience. */
const submit = Effect.fnUntraced(function* (
  shopper: Shopper,
  request: Request,
  answers: Array<string>,
  dice: Dice,
  trace: Trace
) {
  yield* Effect.sleep(dice.between(0, dice.pick(5, 2000)))
  for (let tries = dice.between(1, 6); tries > 0; tries--) {
    const hangsUp = dice.chance(0.15) ? dice.between(1, 3000) : undefined
    const answer = yield* click(shopper, request, trace, hangsUp)
    if (isFinal(answer)) {
      answers.push(answer)
      return answer
    }
    yield* Effect.sleep(dice.between(100, 6000))
  }
  return undefined
})

/** Submits once and waits for what comes, or hangs up after so many milliseconds. */
const click = Effect.fnUntraced(function* (shopper: Shopper, request: Request, trace: Trace, hangsUp = Infinity) {
  const checkout = yield* CheckoutService
  trace.did(shopper.name, `submits ${request.idempotencyKey ?? "without a key"}`)
  const answer = yield* Effect.either(checkout.placeOrder(request)).pipe(
    Effect.map(textOf),
    Effect.timeoutTo({ duration: hangsUp, onSuccess: (text) => text, onTimeout: () => "hung up" })
  )
  trace.did(shopper.name, answer === "hung up" ? "hangs up" : `is told ${short(answer)}`)
  trace.count(`answered: ${answer.startsWith("order") ? "order" : answer}`)
  return answer
})

/**
 * Asks once more for what was wanted, when all is quiet: the answers at rest. A request without a key would be a new
 * attempt where nothing was bought, so that is not repeated.
 */
export const askAgain = Effect.fnUntraced(function* ({ requests }: Intent, bought: boolean) {
  const checkout = yield* CheckoutService
  if (!bought && requests.some(({ idempotencyKey }) => idempotencyKey === undefined)) return []
  return yield* Effect.forEach(requests, (request) => Effect.map(Effect.either(checkout.placeOrder(request)), textOf))
})

/** An answer as a text: "order <id>" or the error's tag. */
const textOf = (answer: Either.Either<{ readonly order: { readonly orderId: string } }, { readonly _tag: string }>) =>
  Either.match(answer, { onLeft: ({ _tag }) => _tag, onRight: ({ order }) => `order ${order.orderId}` })

/** Whether it is more than silence or a promise. */
const isFinal = (answer: string) => answer !== "CallFailed" && answer !== "OrderInProgress" && answer !== "hung up"

/** What the order form of a shopper holds. */
const requestOf = (
  shopper: Shopper,
  form: { readonly key: IdempotencyKey | undefined; readonly poor: boolean }
): Request => ({
  userId: shopper.userId,
  userCurrency: "USD",
  address: addressOf(shopper, "1 Main St"),
  email: Redacted.make(`${shopper.name}@example.com`),
  creditCard: cardOf(shopper, form.poor),
  idempotencyKey: form.key,
  cartVersion: undefined,
  shownTotal: undefined
})

const addressOf = ({ name }: Shopper, streetAddress: string) =>
  new Address({ recipient: name, streetAddress, city: "Springfield", state: "", postalCode: "01234", country: "US" })

/** A shopper's cards as the issuer calls them. */
export const cardsOf = (name: string): ReadonlySet<string> =>
  new Set([instrumentOf(numberOf(name, false)), instrumentOf(numberOf(name, true))])

const numberOf = (name: string, poor: boolean) =>
  withCheckDigit(`${poor ? poorPrefix : "453201"}777777${name.slice(-1).padStart(3, "0")}`)

/** The shopper's good card, or the one without funds. */
const cardOf = ({ name }: Shopper, poor: boolean) =>
  new CreditCard({
    number: Redacted.make(numberOf(name, poor)),
    securityCode: Redacted.make("672"),
    expirationYear: 2039,
    expirationMonth: 1
  })

/** The check digit of ISO/IEC 7812-1 (Luhn) at the end of fifteen digits. */
const withCheckDigit = (digits: string): string => {
  const sum = Array.from(digits).reduce((total, digit, index) => {
    const doubled = Number(digit) * (index % 2 === 0 ? 2 : 1)
    return total + (doubled > 9 ? doubled - 9 : doubled)
  }, 0)
  return `${digits}${(10 - (sum % 10)) % 10}`
}
