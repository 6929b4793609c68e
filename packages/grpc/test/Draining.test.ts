import { describe, it } from "@effect/vitest"
import { assertTrue, deepStrictEqual } from "@effect/vitest/utils"
import { CartService } from "@retro/contract/CartService"
import { CartItem } from "@retro/domain/Cart"
import { ProductId, UserId } from "@retro/domain/Ids"
import { ConfigProvider, Context, Effect, Exit, Layer, Scope } from "effect"
import * as GrpcClient from "../src/GrpcClient.ts"
import * as GrpcServer from "../src/GrpcServer.ts"

const anyPort = Layer.setConfigProvider(ConfigProvider.fromMap(new Map([["PORT", "0"]])))

/** A server of carts that counts what comes in. */
const counting = Effect.gen(function* () {
  const seen = { calls: 0 }
  const program = Layer.mock(CartService, {
    addItem: () =>
      Effect.delay(
        Effect.sync(() => void seen.calls++),
        "5 millis"
      )
  })
  const scope = yield* Effect.acquireRelease(Scope.make(), (scope) => Scope.close(scope, Exit.void))
  const built = yield* GrpcServer.layer(CartService).pipe(
    Layer.provide(program),
    Layer.provide(anyPort),
    Layer.build,
    Scope.extend(scope)
  )
  return { seen, port: Context.get(built, GrpcServer.GrpcServer).port, drain: Scope.close(scope, Exit.void) }
})

const item = new CartItem({ productId: ProductId.make("OLJCESPC7Z"), quantity: 1 })

describe("while a server drains", () => {
  it.scopedLive(
    "calls that must not be repeated and cross the end of their connection are made elsewhere, once each",
    () =>
      Effect.gen(function* () {
        const [one, other] = yield* Effect.all([counting, counting])
        const address = `ipv4:127.0.0.1:${one.port},127.0.0.1:${other.port}`
        const carts = Context.get(yield* Layer.build(GrpcClient.layer(CartService, address)), CartService)
        const add = carts.addItem({ userId: UserId.make("someone"), item })
        yield* add
        const calls = Effect.replicateEffect(add, 50, { concurrency: "unbounded", discard: true })
        yield* Effect.all([calls, one.drain, calls], { concurrency: "unbounded" })
        deepStrictEqual(one.seen.calls + other.seen.calls, 101)
        assertTrue(other.seen.calls > 0)
      })
  )
})
