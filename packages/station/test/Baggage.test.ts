import { it } from "@effect/vitest"
import { assertTrue, deepStrictEqual } from "@effect/vitest/utils"
import { CartStore } from "@retro/cartservice/CartStore"
import * as CallContext from "@retro/contract/CallContext"
import * as Frontend from "@retro/frontend/Frontend"
import { HttpServer } from "@retro/frontend/HttpServer"
import { Effect, Layer, Logger, LogLevel } from "effect"
import * as DevMailbox from "../src/DevMailbox.ts"
import * as Station from "../src/Station.ts"
import * as Stores from "../src/Stores.ts"
import * as Shop from "./Shop.ts"

const wirings = { "in one process": Station.fused, "split over sockets": Station.split }

for (const [name, wiring] of Object.entries(wirings)) {
  it.scopedLive(`baggage that came by HTTP is there in the tiers behind, ${name}; a malformed one is not`, () => {
    const seen: Array<string | undefined> = []
    const store = Layer.effect(
      CartStore,
      Effect.map(CartStore, (store) => ({
        ...store,
        get: (userId) =>
          Effect.flatMap(CallContext.Current, ({ baggage }) => {
            seen.push(baggage)
            return store.get(userId)
          })
      }))
    )
    const shop = Frontend.layer.pipe(
      Layer.provide(DevMailbox.layer),
      Layer.provide(Station.services(wiring)),
      Layer.provide(Layer.provideMerge(store, Layer.merge(Stores.inMemory, Stores.bundled))),
      Layer.provide(Logger.minimumLogLevel(LogLevel.None)),
      Layer.provide(Shop.anyPort)
    )
    return Effect.gen(function* () {
      const { port } = yield* HttpServer
      const seenFor = Effect.fnUntraced(function* (baggage: string) {
        seen.length = 0
        const { status } = yield* Effect.promise(() => fetch(`http://127.0.0.1:${port}/cart`, { headers: { baggage } }))
        assertTrue(status === 200 && seen.length > 0)
        return [...new Set(seen)]
      })
      deepStrictEqual(yield* seenFor("shop=retro, user=17;p=1"), ["shop=retro, user=17;p=1"])
      deepStrictEqual(yield* seenFor("no baggage"), [undefined])
    }).pipe(Effect.provide(shop))
  })
}
