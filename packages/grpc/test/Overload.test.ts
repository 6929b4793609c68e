import { describe, it } from "@effect/vitest"
import { assertEquals, assertTrue, deepStrictEqual, strictEqual } from "@effect/vitest/utils"
import * as CallContext from "@retro/contract/CallContext"
import { CallFailed } from "@retro/contract/Contract"
import { CurrencyService, UnsupportedCurrency } from "@retro/contract/CurrencyService"
import { PaymentService } from "@retro/contract/PaymentService"
import { codes } from "@retro/contract/Status"
import * as Money from "@retro/domain/Money"
import {
  ConfigProvider,
  Context,
  Deferred,
  Effect,
  Either,
  Equal,
  Exit,
  Fiber,
  Layer,
  Logger,
  LogLevel,
  Metric,
  Schedule
} from "effect"
import * as Handler from "../src/Handler.ts"
import * as GrpcServer from "../src/GrpcServer.ts"
import * as GrpcClient from "../src/GrpcClient.ts"
import * as HealthClient from "../src/HealthClient.ts"
import * as Loopback from "../src/Loopback.ts"

const usd1 = Either.getOrThrow(Money.make("USD", 1n, 0))
const convert = Effect.flatMap(CurrencyService, (service) => service.convert({ from: usd1, toCode: "EUR" }))
const voided = Effect.flatMap(PaymentService, (service) => service.void({ idempotencyKey: "key-key-1" as never }))

const unavailable = new CallFailed({ path: "", code: codes.UNAVAILABLE })

/** A currency service that counts what reaches it and answers with what a test says. */
const counting = (answer: () => Effect.Effect<Money.Money, UnsupportedCurrency | CallFailed>) => {
  const asked = { times: 0 }
  const program = Layer.mock(CurrencyService, {
    convert: () =>
      Effect.suspend(() => {
        asked.times++
        return answer()
      })
  })
  return {
    asked,
    layer: Layer.provide(Loopback.layer(CurrencyService, program), Logger.minimumLogLevel(LogLevel.None))
  }
}

const codeOf = (error: unknown) => (error instanceof CallFailed ? error.code : error)

describe("a peer that does not answer", () => {
  it.live("is left alone: a hundred calls are a handful for it, and all fail without a verdict", () => {
    const { asked, layer } = counting(() => Effect.fail(unavailable))
    return Effect.gen(function* () {
      const errors = yield* Effect.replicateEffect(Effect.flip(convert), 100)
      assertTrue(errors.every((error) => codeOf(error) === codes.UNAVAILABLE))
      assertTrue(asked.times >= 5 && asked.times < 20)
    }).pipe(Effect.provide(layer))
  })

  it.live("is asked again when it is back", () => {
    let back = false
    const { layer } = counting(() => Effect.suspend(() => (back ? Effect.succeed(usd1) : Effect.fail(unavailable))))
    return Effect.gen(function* () {
      yield* Effect.replicateEffect(Effect.flip(convert), 20)
      back = true
      yield* Effect.retry(convert, Schedule.spaced("20 millis"))
      assertTrue((yield* Effect.replicateEffect(convert, 10)).every((answer) => Equal.equals(answer, usd1)))
    }).pipe(Effect.provide(layer))
  })

  it.live("costs its callers their time a few times only", () => {
    const { asked, layer } = counting(() => Effect.never)
    return Effect.gen(function* () {
      const errors = yield* Effect.replicateEffect(Effect.flip(CallContext.within("150 millis")(convert)), 50)
      strictEqual(codeOf(errors[0]), codes.DEADLINE_EXCEEDED)
      strictEqual(codeOf(errors.at(-1)), codes.UNAVAILABLE)
      assertTrue(asked.times < 15)
    }).pipe(Effect.provide(layer))
  })

  it.live("and is there for most calls: repeats add 10 % to what it is asked, however many fail", () => {
    const answers = { given: 0 }
    const { asked, layer } = counting(() => (answers.given++ % 5 < 3 ? Effect.succeed(usd1) : Effect.fail(unavailable)))
    return Effect.gen(function* () {
      const calls = 1000
      const ends = yield* Effect.replicateEffect(Effect.exit(convert), calls)
      assertTrue(ends.filter(Exit.isFailure).length > calls / 5)
      const extra = asked.times / calls - 1
      assertTrue(extra > 0.05 && extra <= 0.1, `${extra}`)
    }).pipe(Effect.provide(layer))
  })

  it.live("is no peer that refuses, or breaks at once: those give answers", () => {
    let breaks = false
    const { asked, layer } = counting(() =>
      breaks ? Effect.die("broken") : Effect.fail(new UnsupportedCurrency({ code: "EUR" }))
    )
    return Effect.gen(function* () {
      yield* Effect.replicateEffect(Effect.flip(convert), 20)
      breaks = true
      yield* Effect.replicateEffect(Effect.flip(convert), 20)
      strictEqual(asked.times, 40)
    }).pipe(Effect.provide(layer))
  })
})

describe("a server that has too much to do", () => {
  /** A server of both services with room for one call, which stays in progress until it is let go. */
  const full = Effect.gen(function* () {
    const [begun, go] = [yield* Deferred.make<void>(), yield* Deferred.make<void>()]
    const waiting = Effect.zipRight(Deferred.succeed(begun, undefined), Deferred.await(go))
    const config = ConfigProvider.fromMap(
      new Map([
        ["PORT", "0"],
        ["GRPC_MAX_IN_FLIGHT", "1"]
      ])
    )
    const server = GrpcServer.layer(CurrencyService, PaymentService).pipe(
      Layer.provide(Layer.mock(CurrencyService, { convert: ({ from }) => Effect.as(waiting, from) })),
      Layer.provide(Layer.mock(PaymentService, { void: () => Effect.as(waiting, { refunded: false }) })),
      Layer.provide(Layer.setConfigProvider(config))
    )
    const { port } = Context.get(yield* Layer.build(server), GrpcServer.GrpcServer)
    const address = `127.0.0.1:${port}`
    const clients = Layer.merge(GrpcClient.layer(CurrencyService, address), GrpcClient.layer(PaymentService, address))
    const context = yield* Layer.build(clients)
    const first = yield* Effect.fork(Effect.provide(convert, context))
    yield* Deferred.await(begun)
    return { address, context, finish: Effect.zipRight(Deferred.succeed(go, undefined), Fiber.join(first)) }
  })

  it.scopedLive("refuses new calls at once and without a verdict, finishes those in progress, and counts", () =>
    Effect.gen(function* () {
      const { context, finish } = yield* full
      const before = yield* shed
      const errors = yield* Effect.provide(Effect.replicateEffect(Effect.flip(convert), 20), context)
      assertTrue(errors.every((error) => codeOf(error) === codes.UNAVAILABLE))
      assertTrue((yield* shed) - before >= 20)
      assertEquals(yield* finish, usd1)
      // And no breaker opened: the peer is there.
      assertEquals(yield* Effect.provide(convert, context), usd1)
    })
  )

  it.scopedLive("takes the calls first that complete what somebody has begun, and answers health", () =>
    Effect.gen(function* () {
      const { address, context, finish } = yield* full
      const completing = yield* Effect.fork(Effect.provide(voided, context))
      strictEqual(codeOf(yield* Effect.flip(Effect.provide(convert, context))), codes.UNAVAILABLE)
      assertTrue(yield* HealthClient.isServing(address))
      yield* finish
      deepStrictEqual(yield* Fiber.join(completing), { refunded: false })
    })
  )
})

const shed = Effect.map(Metric.value(Handler.shed), ({ count }) => count)
