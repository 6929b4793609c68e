import { CurrencyService } from "@retro/contract/CurrencyService"
import * as Money from "@retro/domain/Money"
import { type ConfigError, Effect, Either, type Layer, ManagedRuntime } from "effect"
import { answer } from "../Ipc.ts"
import * as Amounts from "./Amounts.ts"
import * as Stopwatch from "./Stopwatch.ts"

const { currencyCode, nanos, units } = Amounts.request.from
const payload = {
  from: Either.getOrThrow(Money.make(currencyCode, units, nanos)),
  toCode: Amounts.request.toCode
}

const keepCalling = Effect.fnUntraced(function* (watch: Stopwatch.Stopwatch) {
  const currency = yield* CurrencyService
  while (!watch.isOver()) {
    const sent = performance.now()
    const converted = yield* currency.convert(payload)
    watch.answered(sent, converted.units === Amounts.response.units)
  }
})

/** Calls Convert when the bench says so, by the client that `connect` makes, from as many fibers as there are calls at once. */
export const answerWith = (
  connect: (address: string) => Layer.Layer<CurrencyService, ConfigError.ConfigError>
): void => {
  let runtime: ManagedRuntime.ManagedRuntime<CurrencyService, ConfigError.ConfigError> | undefined
  answer({
    load: ({ concurrency, millis, port }) => {
      runtime ??= ManagedRuntime.make(connect(`127.0.0.1:${port}`))
      const watch = Stopwatch.start(millis)
      const calls = Effect.replicateEffect(keepCalling(watch), concurrency, { concurrency: "unbounded", discard: true })
      return runtime.runPromise(Effect.as(calls, watch)).then(({ result }) => result())
    }
  })
}
