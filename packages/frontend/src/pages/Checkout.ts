import * as CallContext from "@retro/contract/CallContext"
import { CheckoutService, type OrderInProgress } from "@retro/contract/CheckoutService"
import type { IdempotencyKey } from "@retro/domain/Ids"
import { Cause, Effect, Either, ExecutionStrategy, Exit, Fiber, Option, Scope } from "effect"
import { type CheckoutFailure, explain } from "../CheckoutFailure.ts"
import * as Form from "../Form.ts"
import * as HttpSpan from "../HttpSpan.ts"
import * as OrderForm from "../OrderForm.ts"
import { RateLimits, type TooMany } from "../RateLimits.ts"
import { Refused } from "../Refused.ts"
import * as Response from "../Response.ts"
import type { Fields } from "../UrlEncoded.ts"
import { checkoutHidden, type Notice } from "../views/Models.ts"
import * as Paths from "../views/Paths.ts"
import type { Visit } from "../Visit.ts"
import * as CartView from "./CartView.ts"
import type { Page } from "./Page.ts"

/** How long the shopper waits for an order; then its page says that it is in progress. */
const orderBudget = "11 seconds"

/** How long the cart may be read after it: the page's own time may be over by then, and the form is to be there to send again. */
const cartBudget = "1 second"

/** Buys what is in the cart and leads to the order, or shows the cart again and says why it could not. */
export const make = Effect.gen(function* () {
  const checkout = yield* CheckoutService
  const cart = yield* CartView.make
  const limits = yield* RateLimits
  // Closes after the server that stands on these pages, which first answers what it has begun.
  const scope = yield* Scope.fork(yield* Effect.scope, ExecutionStrategy.sequential)

  /**
   * In a budget and a fiber of its own: a page's time is too short, and a shopper who hangs up stops nothing half-way, nor
   * that a declined card is counted.
   */
  const order = (visit: Visit, payload: Parameters<typeof checkout.placeOrder>[0]) =>
    limits
      .countIf(
        "decline",
        visit,
        isDecline,
        Effect.suspend(() => checkout.placeOrder(payload))
      )
      .pipe(CallContext.withOwnBudget(orderBudget), Effect.forkIn(scope), Effect.flatMap(Fiber.join))

  /** The cart, and over it what became of the order; where there is no cart to be had, that alone. */
  const told = (visit: Visit, { retryAfter, ...occasion }: Told) => {
    const { notice, status } = occasion
    const headers = retryAfter === undefined ? {} : { "retry-after": String(retryAfter) }
    return Effect.mapBoth(CallContext.withOwnBudget(cartBudget)(cart(visit, occasion)), {
      onSuccess: (page) => Response.withHeaders(page, headers),
      onFailure: () => new Refused({ status, heading: notice.heading, sentence: notice.text, headers })
    })
  }

  const invalid = (visit: Visit, fields: Fields, { errors }: Form.Invalid) =>
    told(visit, {
      status: 422,
      notice: { tone: "bad", heading: "Nothing was ordered yet", text: [...hidden(errors), cardIsNotKept].join(" ") },
      form: { values: Form.typed(fields, OrderForm.kept), errors }
    })

  /** Whoever tries out stolen cards has to wait; who mistypes their own, too, but for a clear reason. */
  const tooManyDeclines = (visit: Visit, fields: Fields, { seconds }: TooMany) =>
    told(visit, {
      status: 429,
      retryAfter: seconds,
      notice: { tone: "bad", heading: "Too many cards were declined", text: waitFor(seconds) },
      form: { values: Form.typed(fields, OrderForm.kept) }
    })

  const refused = (visit: Visit, fields: Fields, key: IdempotencyKey | undefined, failure: CheckoutFailure) => {
    const { field, heading, keepsKey, order, status, text } = explain(failure)
    const link = order === undefined ? {} : { link: { href: Paths.order(order), text: "See the earlier order" } }
    return told(visit, {
      status,
      retryAfter: status === 503 ? 5 : undefined,
      notice: { tone: "bad", heading, text: `${text} ${cardIsNotKept}`, ...link },
      form: {
        values: Form.typed(fields, OrderForm.kept),
        errors: field === undefined ? {} : { [field]: text },
        ...(keepsKey === true && key !== undefined && { idempotencyKey: key })
      }
    })
  }

  const place: Page = Effect.fnUntraced(function* (visit) {
    const fields = yield* Form.posted(visit.request)
    const decoded = OrderForm.read(fields)
    if (Either.isLeft(decoded)) return yield* invalid(visit, fields, decoded.left)
    const payload = OrderForm.request(decoded.right, visit)
    return yield* order(visit, payload).pipe(
      Effect.map(({ order }) => Response.seeOther(Paths.order(order.orderId))),
      Effect.catchTag("OrderInProgress", ({ orderId }) => Effect.succeed(Response.seeOther(Paths.order(orderId)))),
      Effect.tapError(HttpSpan.failedWith),
      Effect.catchAll((failure) =>
        failure._tag === "TooMany"
          ? tooManyDeclines(visit, fields, failure)
          : refused(visit, fields, decoded.right.idempotency_key, failure)
      )
    )
  })

  return { place }
})

/** What a shopper is told who placed no order. */
interface Told extends CartView.Occasion {
  readonly status: number
  readonly notice: Notice
  /** Seconds. */
  readonly retryAfter?: number | undefined
}

const isDecline = (exit: Exit.Exit<unknown, CheckoutFailure | OrderInProgress>): number =>
  Exit.isFailure(exit) && Option.exists(Cause.failureOption(exit.cause), ({ _tag }) => _tag === "CardDeclined") ? 1 : 0

const waitFor = (seconds: number): string =>
  `To protect their owners we take no more cards from here for ${Math.ceil(seconds / 60)} minutes. Your cart is safe, and nothing was charged.`

const cardIsNotKept = "We never keep the number and the code of a card: type them again."

/** What nobody typed has no field to stand beside. */
const hidden = (errors: Form.Invalid["errors"]): ReadonlyArray<string> =>
  checkoutHidden.flatMap((name) => (errors[name] === undefined ? [] : [`${name}: ${errors[name]}`]))
