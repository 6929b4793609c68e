import type { CartService } from "@retro/contract/CartService"
import { maxQuantity } from "@retro/domain/Cart"
import type { UserId } from "@retro/domain/Ids"
import { Effect, Either, FastCheck } from "effect"
import { item, orderKey, product, shown } from "./suite.ts"

/** Something a shopper asks of a cart. */
export type Operation =
  | { readonly _tag: "add" | "set"; readonly name: string; readonly quantity: number }
  | { readonly _tag: "buy"; readonly order: number; readonly name: string; readonly quantity: number }
  | { readonly _tag: "get" | "empty" }

/** An operation with what it answered, and when it began and ended in the order of all beginnings and ends. */
export interface Event {
  readonly operation: Operation
  readonly answer: string
  readonly began: number
  readonly ended: number
}

const name = FastCheck.constantFrom("A", "B")
const quantity = FastCheck.integer({ min: 1, max: 60 })

/** Three shoppers who share a cart, each with some operations one after the other. */
export const shoppers: FastCheck.Arbitrary<ReadonlyArray<ReadonlyArray<Operation>>> = FastCheck.array(
  FastCheck.array(
    FastCheck.oneof(
      FastCheck.record({ _tag: FastCheck.constant("add" as const), name, quantity }),
      FastCheck.record({ _tag: FastCheck.constant("add" as const), name, quantity }),
      FastCheck.record({ _tag: FastCheck.constant("set" as const), name, quantity: FastCheck.nat(60) }),
      FastCheck.record({ _tag: FastCheck.constant("buy" as const), order: FastCheck.nat(1), name, quantity }),
      FastCheck.record({ _tag: FastCheck.constantFrom("get" as const, "empty" as const) })
    ),
    { minLength: 1, maxLength: 5 }
  ),
  { minLength: 3, maxLength: 3 }
)

/** Lets all shoppers loose at once, each with a service of their own, and writes down what happened. */
export const record = Effect.fnUntraced(function* (
  services: ReadonlyArray<typeof CartService.Service>,
  userId: UserId,
  all: ReadonlyArray<ReadonlyArray<Operation>>
) {
  let moment = 0
  const events: Array<Event> = []
  yield* Effect.forEach(
    all,
    (operations, index) =>
      Effect.forEach(operations, (operation) =>
        Effect.gen(function* () {
          const began = moment++
          yield* Effect.yieldNow()
          const service = services[index % services.length]
          const answer = service === undefined ? "" : yield* perform(service, userId, operation)
          events.push({ operation, answer, began, ended: moment++ })
        })
      ),
    { concurrency: "unbounded", discard: true }
  )
  return events
})

const perform = (service: typeof CartService.Service, userId: UserId, operation: Operation): Effect.Effect<string> => {
  const said = <E extends { readonly _tag: string }>(effect: Effect.Effect<unknown, E>) =>
    Effect.map(Effect.either(effect), (result) => (Either.isRight(result) ? "done" : result.left._tag))
  switch (operation._tag) {
    case "add":
      return said(service.addItem({ userId, item: item(operation.name, operation.quantity) }))
    case "set":
      return said(service.setQuantity({ userId, productId: product(operation.name), quantity: operation.quantity }))
    case "buy":
      return said(
        service.removeBought({
          userId,
          orderKey: orderKey(operation.order),
          lines: [item(operation.name, operation.quantity)]
        })
      )
    case "empty":
      return said(service.emptyCart({ userId }))
    case "get":
      return Effect.orDie(Effect.map(service.getCart({ userId }), (cart) => `${cart.version}: ${shown(cart)}`))
  }
}

/** A cart as simple as can be: lines in order, version, orders. */
interface Model {
  readonly lines: ReadonlyArray<readonly [string, number]>
  readonly version: number
  readonly orders: ReadonlyArray<number>
}

const start: Model = { lines: [], version: 0, orders: [] }

const put = (model: Model, name: string, quantity: number): Model => {
  const known = model.lines.find(([other]) => other === name)
  if ((known?.[1] ?? 0) === quantity) return model
  const others = model.lines.map((line): readonly [string, number] => (line === known ? [name, quantity] : line))
  const lines = known === undefined ? [...others, [name, quantity] as const] : others
  return { ...model, lines: lines.filter(([, quantity]) => quantity > 0), version: model.version + 1 }
}

const step = (model: Model, operation: Operation): readonly [Model, string] => {
  const have = "name" in operation ? (model.lines.find(([name]) => name === operation.name)?.[1] ?? 0) : 0
  switch (operation._tag) {
    case "add":
      return have + operation.quantity > maxQuantity
        ? [model, "QuantityTooLarge"]
        : [put(model, operation.name, have + operation.quantity), "done"]
    case "set":
      return [put(model, operation.name, operation.quantity), "done"]
    case "buy": {
      if (model.orders.includes(operation.order)) return [model, "done"]
      const left = put(model, operation.name, Math.max(0, have - operation.quantity))
      return [{ ...left, orders: [...model.orders, operation.order] }, "done"]
    }
    case "empty":
      return [model.lines.length === 0 ? model : { ...model, lines: [], version: model.version + 1 }, "done"]
    case "get":
      return [model, `${model.version}: ${model.lines.map(([name, quantity]) => `${name}×${quantity}`).join(" ")}`]
  }
}

/**
 * Whether the operations can have happened one at a time, each at some moment between its beginning and its end, with
 * the answers they gave (Herlihy and Wing's linearizability, searched as by Wing and Gong).
 */
export const isLinearizable = (events: ReadonlyArray<Event>): boolean => {
  const tried = new Set<string>()
  const search = (left: ReadonlyArray<Event>, model: Model): boolean => {
    if (left.length === 0) return true
    const state = JSON.stringify([left.map(({ began }) => began), model])
    if (tried.has(state)) return false
    tried.add(state)
    const firstEnd = Math.min(...left.map(({ ended }) => ended))
    return left.some((event) => {
      if (event.began > firstEnd) return false
      const [after, answer] = step(model, event.operation)
      return (
        answer === event.answer &&
        search(
          left.filter((other) => other !== event),
          after
        )
      )
    })
  }
  return search(events, start)
}
