import { OrderStatus } from "@retro/contract/CheckoutService"
import { OrderId } from "@retro/domain/Ids"
import { asTyped, type Order } from "@retro/domain/Order"
import { Effect, Either, Option } from "effect"
import type { Entry } from "./JournalStore.ts"
import * as PlaceOrder from "./PlaceOrder.ts"
import type * as Step from "./Step.ts"

/** How far an order has come, read from what is written in its journal. */
export const of = Effect.fnUntraced(function* (
  entry: Entry,
  answer: Option.Option<Either.Either<Order, { readonly _tag: string }>>
) {
  const charge = yield* recall(entry, PlaceOrder.charge)
  const ship = yield* recall(entry, PlaceOrder.ship)
  const ended = Option.isSome(answer)
  return new OrderStatus(
    {
      orderId: OrderId.make(entry.id),
      state: stateOf(entry, answer),
      payment: entry.steps.has(`undo:${PlaceOrder.charge.name}`) ? "refunded" : paymentOf(charge, ended),
      shipment: Option.exists(ship, Either.isRight) ? "shipped" : ended ? "not-shipped" : "pending",
      email: emailOf(entry, answer),
      order: Option.getOrUndefined(Option.flatMap(answer, Either.getRight)),
      failure: Option.match(Option.flatMap(answer, Either.getLeft), { onNone: () => "", onSome: ({ _tag }) => _tag })
    },
    asTyped
  )
})

/** How a step went, as far as this version can read it. */
const recall = <A, E>(entry: Entry, { name, outcome }: Step.Definition<A, E>) =>
  Effect.option(Effect.flatMap(Option.fromNullable(entry.steps.get(name)), outcome.read))

const stateOf = (entry: Entry, answer: Option.Option<Either.Either<unknown, unknown>>): OrderStatus["state"] => {
  if (Option.isSome(answer)) return Either.isRight(answer.value) ? "completed" : "failed"
  return entry.parked ? "parked" : "in-progress"
}

const paymentOf = (charge: Option.Option<Either.Either<unknown, { readonly _tag: string }>>, ended: boolean) => {
  if (Option.isNone(charge)) return ended ? "not-charged" : "pending"
  if (Either.isRight(charge.value)) return "charged"
  return charge.value.left._tag === "CardDeclined" ? "declined" : "not-charged"
}

const emailOf = (entry: Entry, answer: Option.Option<Either.Either<unknown, unknown>>): OrderStatus["email"] => {
  if (entry.steps.has(PlaceOrder.mail.name)) return "sent"
  if (Option.isSome(answer) && Either.isLeft(answer.value)) return "not-sent"
  return entry.parked ? "failed" : "pending"
}
