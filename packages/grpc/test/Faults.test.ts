import { it } from "@effect/vitest"
import { assertEquals, deepStrictEqual } from "@effect/vitest/utils"
import { CurrencyService } from "@retro/contract/CurrencyService"
import * as Faults from "@retro/contract/Faults"
import * as Money from "@retro/domain/Money"
import { Context, Effect, Either, Layer } from "effect"
import * as Loopback from "../src/Loopback.ts"

const program = Layer.mock(CurrencyService, { convert: ({ from }) => Effect.succeed(from) })
const request = { from: Either.getOrThrow(Money.make("EUR", 1n, 0)), toCode: "USD" as const }

it.scopedLive(
  "a fault behind a wire is what its caller is told: its class, its fields, or silence at the deadline",
  () =>
    Effect.gen(function* () {
      const faults = yield* Faults.makeSwitch(CurrencyService)
      const built = yield* Layer.build(Loopback.layer(CurrencyService, Faults.layer(CurrencyService, program, faults)))
      const { convert } = Context.get(built, CurrencyService)
      const on = (fault: Faults.Fault) =>
        Effect.zipRight(
          faults.reset,
          faults.add(new Faults.Rule({ rpc: "CurrencyService.convert", probability: 1, fault }))
        )

      yield* on({ _tag: "Failure", error: "UnsupportedCurrency" })
      assertEquals((yield* Effect.flip(convert(request)))._tag, "UnsupportedCurrency")
      yield* on({ _tag: "Hang" })
      const silent = yield* Effect.flip(convert(request))
      deepStrictEqual([silent._tag, silent._tag === "CallFailed" && silent.code], ["CallFailed", 4])
    })
)
