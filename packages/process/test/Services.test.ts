import { describe, it } from "@effect/vitest"
import { assertEquals, assertTrue, deepStrictEqual } from "@effect/vitest/utils"
import { CartService } from "@retro/contract/CartService"
import { CartItem } from "@retro/domain/Cart"
import { ProductId, UserId } from "@retro/domain/Ids"
import * as GrpcClient from "@retro/grpc/GrpcClient"
import * as HealthClient from "@retro/grpc/HealthClient"
import { Effect, Schedule } from "effect"
import * as RedisServer from "../../redis/test/RedisServer.ts"
import * as Child from "./Child.ts"

const only = (...names: ReadonlyArray<string>) =>
  Child.start({ RATES: "snapshot" }, "scripts/services.ts", "--only", names.join(","))

/** What needs a real Redis. */
const withRedis = it.scopedLive.skipIf(!RedisServer.installed)

const serving = /^currencyservice is serving \(port (\d+), pid (\d+), restarts (\d+)\)$/

describe("npm run services", { timeout: 60_000 }, () => {
  it.scopedLive("starts what is asked for, restarts what crashes, and leaves nothing behind", () =>
    Effect.gen(function* () {
      const runner = yield* only("currencyservice")
      const [port, pid] = (yield* runner.line(serving)).groups
      assertTrue(yield* HealthClient.isServing(`127.0.0.1:${port}`))
      yield* runner.line(/^All serve/)

      process.kill(Number(pid), "SIGKILL")
      yield* runner.line(/^currencyservice ended with SIGKILL; starting it again in 500ms$/)
      const [samePort, newPid, restarts] = (yield* runner.line(serving)).groups
      assertEquals(restarts, "1")
      assertEquals(samePort, port)
      yield* Child.gone(Number(pid))
      assertTrue(yield* Child.isRunning(Number(newPid)))

      yield* runner.signal("SIGINT")
      assertEquals(yield* runner.exitCode, 0)
      yield* Child.gone(Number(newPid))
    })
  )

  withRedis("D26: a Redis that is killed comes back with every line that was answered", () =>
    Effect.gen(function* () {
      const runner = yield* only("redis", "cartservice")
      const [pid] = (yield* runner.line(/^redis is serving \(port \d+, pid (\d+)/)).groups
      const [port] = (yield* runner.line(/^cartservice is serving \(port (\d+)/)).groups
      yield* Effect.gen(function* () {
        const carts = yield* CartService
        const userId = UserId.make("a-shopper")
        const item = new CartItem({ productId: ProductId.make("OLJCESPC7Z"), quantity: 3 })
        yield* carts.addItem({ userId, item })
        process.kill(Number(pid), "SIGKILL")
        yield* runner.line(/^redis is serving \(port \d+, pid \d+, restarts 1\)/)
        const again = { schedule: Schedule.spaced("50 millis") }
        deepStrictEqual((yield* Effect.retry(carts.getCart({ userId }), again)).items, [item])
      }).pipe(Effect.provide(GrpcClient.layer(CartService, `127.0.0.1:${port}`)))
    })
  )

  withRedis("leaves nothing behind either when it is told to stop at once", () =>
    Effect.gen(function* () {
      const runner = yield* only("redis", "currencyservice")
      const [redis] = (yield* runner.line(/^redis is serving \(port \d+, pid (\d+)/)).groups
      yield* runner.line(/^All serve/)
      process.kill(Number(redis), "SIGSTOP")
      yield* runner.signal("SIGTERM")
      yield* runner.line(/^redis is stopping/)
      const insist = Effect.forever(Effect.zipRight(runner.signal("SIGTERM"), Effect.sleep("50 millis")))
      assertEquals(yield* Effect.raceFirst(runner.exitCode, insist), 143)
      yield* Child.gone(Number(redis))
    })
  )

  withRedis("leaves nothing behind even when it is killed itself", () =>
    Effect.gen(function* () {
      const runner = yield* only("redis", "currencyservice")
      const [redis] = (yield* runner.line(/^redis is serving \(port \d+, pid (\d+)/)).groups
      const [, pid] = (yield* runner.line(serving)).groups
      yield* runner.signal("SIGKILL")
      yield* Effect.all([Child.gone(Number(redis)), Child.gone(Number(pid))])
    })
  )

  it.scopedLive("does not start again what is configured wrongly, and says so", () =>
    Effect.gen(function* () {
      const runner = yield* Child.start({ RATES: "guess" }, "scripts/services.ts", "--only", "currencyservice")
      yield* runner.line(/^currencyservice currencyservice cannot run: RATES: expected one of \(ecb, snapshot\)$/)
      yield* runner.line(/^currencyservice is failed/)
    })
  )

  it.scopedLive("without redis-server it says how to get one", () =>
    Effect.gen(function* () {
      const runner = yield* Child.start({ PATH: "/nowhere" }, "scripts/services.ts", "--only", "redis")
      yield* runner.line(/^redis-server is not installed \(apt-get install redis-server/)
    })
  )

  it.scopedLive("refuses a name that it does not know", () =>
    Effect.gen(function* () {
      const runner = yield* only("cartsrevice")
      assertEquals(yield* runner.exitCode, 2)
      assertTrue(runner.errors[0]?.startsWith("There is no cartsrevice. There are redis, cartservice"))
    })
  )
})
