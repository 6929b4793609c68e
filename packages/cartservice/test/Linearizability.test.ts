import { describe, it } from "@effect/vitest"
import { assertTrue, deepStrictEqual } from "@effect/vitest/utils"
import { CartService } from "@retro/contract/CartService"
import { CartItem, maxQuantity } from "@retro/domain/Cart"
import { Context, Effect, FastCheck, Layer } from "effect"
import * as Cart from "../src/Cart.ts"
import { layerMemory } from "../src/CartStoreMemory.ts"
import { layerRedis } from "../src/CartStoreRedis.ts"
import { isLinearizable, type Operation, record, shoppers } from "./History.ts"
import * as RedisServer from "../../redis/test/RedisServer.ts"
import { newUser, quiet } from "./suite.ts"

type Services = ReadonlyArray<typeof CartService.Service>

const build = <E>(layer: Layer.Layer<CartService, E>) =>
  Effect.map(Layer.build(Layer.fresh(layer)), Context.get(CartService))

/** Plays that many random histories, each with a new cart; those that no order of one at a time explains. */
const violations = (services: Services, runs: number) =>
  Effect.map(
    Effect.forEach(FastCheck.sample(shoppers, runs), (all) => record(services, newUser(), all)),
    (histories) => histories.filter((events) => !isLinearizable(events))
  )

const tooMuch = (productId: CartItem["productId"]) => new CartItem({ productId, quantity: maxQuantity })

/** A service that reads, waits and then writes what it read plus one more. */
const losesUpdates = (service: typeof CartService.Service): typeof CartService.Service => ({
  ...service,
  addItem: ({ item, userId }) =>
    Effect.gen(function* () {
      const { items } = yield* service.getCart({ userId })
      yield* Effect.yieldNow()
      const have = items.find(({ productId }) => productId === item.productId)?.quantity ?? 0
      const quantity = have + item.quantity
      if (quantity > maxQuantity) return yield* service.addItem({ userId, item: tooMuch(item.productId) })
      yield* Effect.orDie(service.setQuantity({ userId, productId: item.productId, quantity }))
    })
})

describe("carts under several hands", () => {
  it.scopedLive("D6: are as if there were one hand at a time, in memory", () =>
    Effect.gen(function* () {
      const service = yield* build(Layer.provide(Cart.layer, layerMemory))
      deepStrictEqual(yield* violations([service], 300), [])
    })
  )

  it.scopedLive.skipIf(!RedisServer.installed)(
    "D6, D26: are as if there were one hand at a time, on Redis, through three connections",
    () =>
      Effect.gen(function* () {
        const { address } = yield* RedisServer.make("--save", "")
        const layer = Layer.provide(Cart.layer, Layer.provide(layerRedis, RedisServer.at(address)))
        const services = yield* Effect.replicateEffect(build(layer), 3)
        deepStrictEqual(yield* violations(services, 300), [])
      }).pipe(quiet)
  )

  it.scopedLive("show it when an update is lost", () =>
    Effect.gen(function* () {
      const service = yield* build(Layer.provide(Cart.layer, layerMemory))
      assertTrue((yield* violations([losesUpdates(service)], 300)).length > 10)
      const add: Operation = { _tag: "add", name: "A", quantity: 1 }
      const overlapping = { began: 0, ended: 9 }
      const get = (answer: string) => ({ operation: { _tag: "get" } as const, answer, began: 10, ended: 11 })
      const twice = [
        { operation: add, answer: "done", ...overlapping },
        { operation: add, answer: "done", began: 1, ended: 8 }
      ]
      assertTrue(isLinearizable([...twice, get("2: A×2")]))
      assertTrue(!isLinearizable([...twice, get("1: A×1")]))
      assertTrue(!isLinearizable([...twice, { ...get("2: A×2"), began: 2, ended: 3 }, get("1: A×1")]))
    })
  )
})
