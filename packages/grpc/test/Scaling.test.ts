// First: see there.
import * as NameServer from "./NameServer.ts"
import { describe, it } from "@effect/vitest"
import { assertTrue, deepStrictEqual } from "@effect/vitest/utils"
import { CartService } from "@retro/contract/CartService"
import { CartItem } from "@retro/domain/Cart"
import { ProductId, UserId } from "@retro/domain/Ids"
import { ConfigProvider, Context, Effect, Fiber, Layer } from "effect"
import * as GrpcClient from "../src/GrpcClient.ts"
import * as GrpcServer from "../src/GrpcServer.ts"

const config = (variables: Readonly<Record<string, string>>) =>
  Layer.setConfigProvider(ConfigProvider.fromMap(new Map(Object.entries(variables))))

/** A server of carts at an address of its own, and how many calls it served. */
const pod = Effect.fnUntraced(function* (host: string, port: number) {
  const seen = { calls: 0 }
  const built = yield* GrpcServer.layer(CartService).pipe(
    Layer.provide(Layer.mock(CartService, { addItem: () => Effect.sync(() => void seen.calls++) })),
    Layer.provide(config({ HOST: host, PORT: String(port), GRPC_CONNECTION_AGE: "500 millis" })),
    Layer.build
  )
  return { seen, port: Context.get(built, GrpcServer.GrpcServer).port }
})

const item = new CartItem({ productId: ProductId.make("OLJCESPC7Z"), quantity: 1 })

/** Only Linux has all of 127.0.0.0/8. */
describe.skipIf(process.platform !== "linux")("without a mesh", { timeout: 60_000 }, () => {
  it.scopedLive("from one pod to three under load: all of them come to serve, and no call is lost", () =>
    Effect.gen(function* () {
      const one = yield* pod("127.0.0.1", 0)
      const addresses = ["127.0.0.1"]
      const names = yield* NameServer.make(addresses)
      const carts = yield* GrpcClient.layerConfig(CartService, "CART_SERVICE_ADDR").pipe(
        Layer.provide(config({ CART_SERVICE_ADDR: `dns://127.0.0.1:${names.port}/cartservice-headless:${one.port}` })),
        Layer.build,
        Effect.map(Context.get(CartService))
      )
      const calls = { count: 0 }
      const add = carts.addItem({ userId: UserId.make("someone"), item })
      const load = yield* Effect.fork(
        Effect.forever(
          Effect.delay(
            Effect.zipRight(
              add,
              Effect.sync(() => void calls.count++)
            ),
            "2 millis"
          )
        )
      )
      yield* Effect.repeat(Effect.sleep("10 millis"), { until: () => calls.count >= 20 })
      deepStrictEqual([one.seen.calls >= 20, calls.count >= 20], [true, true])

      const others = yield* Effect.all([pod("127.0.0.2", one.port), pod("127.0.0.3", one.port)])
      addresses.push("127.0.0.2", "127.0.0.3")
      const before = one.seen.calls
      const allServe = () => one.seen.calls > before && others.every(({ seen }) => seen.calls >= 20)
      yield* Effect.raceFirst(
        Effect.timeout(Effect.repeat(Effect.sleep("10 millis"), { until: allServe }), "40 seconds"),
        Fiber.join(load)
      )
      yield* Fiber.interrupt(load)
      const served = [one, ...others].map(({ seen }) => seen.calls)
      console.log(`calls served by each of three: ${served.join(", ")}`)
      assertTrue(served.every((count) => count > 0))
    })
  )
})
