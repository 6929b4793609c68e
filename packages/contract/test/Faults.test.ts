import { describe, it } from "@effect/vitest"
import { assertEquals, assertTrue, deepStrictEqual } from "@effect/vitest/utils"
import { Context, Effect, Either, Fiber, Layer, Option, Random, Schema, TestClock } from "effect"
import * as CallContext from "../src/CallContext.ts"
import { CallFailed, type Contract } from "../src/Contract.ts"
import { CurrencyService } from "../src/CurrencyService.ts"
import * as Faults from "../src/Faults.ts"
import { codes } from "../src/Status.ts"
import { contracts } from "./contracts.ts"

const rule = (rpc: string, fault: Faults.Fault, probability = 1) => new Faults.Rule({ rpc, fault, probability })

const answer = { currencyCodes: [], ratesDate: "2026-10-02" }
const program = Layer.mock(CurrencyService, { getSupportedCurrencies: () => Effect.succeed(answer) })
const rpc = "CurrencyService.getSupportedCurrencies"

/** The service behind a switch, and the switch. */
const shop = Effect.gen(function* () {
  const faults = yield* Faults.makeSwitch(CurrencyService)
  const built = yield* Layer.build(Faults.layer(CurrencyService, program, faults))
  return { faults, ask: Context.get(built, CurrencyService).getSupportedCurrencies(undefined) }
})

describe("faults", () => {
  it.scoped("none: a call is the call", () =>
    Effect.gen(function* () {
      const { ask } = yield* shop
      assertEquals(yield* ask, answer)
    })
  )

  it.scoped("latency: the call is made that much later", () =>
    Effect.gen(function* () {
      const { ask, faults } = yield* shop
      yield* faults.add(rule(rpc, { _tag: "Latency", millis: 500 }))
      const asked = yield* Effect.fork(ask)
      yield* TestClock.adjust("499 millis")
      assertTrue(Option.isNone(yield* Fiber.poll(asked)))
      yield* TestClock.adjust("1 millis")
      assertEquals(yield* Fiber.join(asked), answer)
    })
  )

  it.scoped("hang: there is no answer by the deadline of the rpc, or of its caller, and whoever waits may leave", () =>
    Effect.gen(function* () {
      const { ask, faults } = yield* shop
      yield* faults.add(rule(rpc, { _tag: "Hang" }))
      for (const [asking, millis] of [
        [ask, 2000],
        [CallContext.within("300 millis")(ask), 300]
      ] as const) {
        const asked = yield* Effect.fork(Effect.flip(asking))
        yield* TestClock.adjust(millis - 1)
        assertTrue(Option.isNone(yield* Fiber.poll(asked)))
        yield* TestClock.adjust(1)
        deepStrictEqual(yield* Fiber.join(asked), new CallFailed({ path: "", code: codes.DEADLINE_EXCEEDED }))
      }
      yield* Fiber.interrupt(yield* Effect.fork(ask))
    })
  )

  it.scoped("one rpc's faults are no other's, and reset ends them all", () =>
    Effect.gen(function* () {
      const { ask, faults } = yield* shop
      yield* faults.add(rule("CurrencyService.convert", { _tag: "Hang" }))
      assertEquals(yield* ask, answer)
      yield* faults.add(rule(rpc, { _tag: "Failure", error: "CallFailed" }))
      assertEquals((yield* Effect.flip(ask))._tag, "CallFailed")
      yield* faults.reset
      assertEquals(yield* ask, answer)
      deepStrictEqual(yield* faults.rules, [])
    })
  )

  it.scoped("the same kind of fault on the same rpc is replaced", () =>
    Effect.gen(function* () {
      const { faults } = yield* shop
      yield* faults.add(rule(rpc, { _tag: "Latency", millis: 1 }))
      yield* faults.add(rule(rpc, { _tag: "Latency", millis: 2 }, 0.5))
      deepStrictEqual(yield* faults.rules, [rule(rpc, { _tag: "Latency", millis: 2 }, 0.5)])
    })
  )

  it.scoped("a probability is how often, and a seed says which", () =>
    Effect.gen(function* () {
      const { ask, faults } = yield* shop
      yield* faults.add(rule(rpc, { _tag: "Failure", error: "CallFailed" }, 0.3))
      const of = (seed: string) =>
        Effect.replicateEffect(Effect.isFailure(ask), 1000).pipe(Effect.withRandom(Random.make(seed)))
      const [one, again, other] = yield* Effect.all([of("one"), of("one"), of("other")])
      deepStrictEqual(one, again)
      assertTrue(JSON.stringify(one) !== JSON.stringify(other))
      const share = one.filter((failed) => failed).length / 1000
      assertTrue(share > 0.25 && share < 0.35)
    })
  )

  for (const some of contracts) {
    const contract = some as unknown as Contract<any, any>
    const methods = Object.fromEntries([...some.group.requests.keys()].map((tag) => [tag, () => Effect.void]))
    it.scoped(`${some.key}: each rpc fails with each of its errors, as its schema has them`, () =>
      Effect.gen(function* () {
        const faults = yield* Faults.makeSwitch(contract)
        const built = yield* Layer.build(Faults.layer(contract, Layer.succeed(contract, methods), faults))
        const service: Record<string, (payload: unknown) => Effect.Effect<unknown, any>> = Context.get(built, contract)
        for (const { errors, rpc } of faults.targets) {
          const tag = rpc.slice(rpc.indexOf(".") + 1)
          const isListed = Schema.is(some.group.requests.get(tag)!.errorSchema as Schema.Schema.AnyNoContext)
          for (const error of errors) {
            yield* faults.reset
            yield* faults.add(rule(rpc, { _tag: "Failure", error }))
            const failed = yield* Effect.either(service[tag]!(undefined))
            deepStrictEqual([rpc, Either.isLeft(failed) && failed.left._tag], [rpc, error])
            assertTrue(error === "CallFailed" || (Either.isLeft(failed) && isListed(failed.left)))
          }
        }
      })
    )
  }
})
