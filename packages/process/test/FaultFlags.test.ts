import { describe, it } from "@effect/vitest"
import { assertEquals, assertTrue } from "@effect/vitest/utils"
import { CurrencyService } from "@retro/contract/CurrencyService"
import { ConfigProvider, Context, Effect, Exit, Layer, Logger, LogLevel, Schedule } from "effect"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as FaultFlags from "../src/FaultFlags.ts"

const answer = { currencyCodes: [], ratesDate: "2026-10-02" }
const rpc = "CurrencyService.getSupportedCurrencies"
const getSupportedCurrencies = () => Effect.succeed(answer)
const program = Layer.mock(CurrencyService, { getSupportedCurrencies })
const fails = { probability: 1, fault: { _tag: "Failure", error: "CallFailed" } }

/** The service as its main.ts wires it, under this configuration. */
const serviceWith = (variables: Readonly<Record<string, string>>) =>
  Layer.build(FaultFlags.layer(CurrencyService, program)).pipe(
    Effect.map(Context.get(CurrencyService)),
    Effect.withConfigProvider(ConfigProvider.fromMap(new Map(Object.entries(variables)))),
    Logger.withMinimumLogLevel(LogLevel.None)
  )

const ask = (service: typeof CurrencyService.Service) => service.getSupportedCurrencies(undefined)

const temporaryFile = (name: string, content: unknown) =>
  Effect.acquireRelease(
    Effect.sync(() => mkdtempSync(join(tmpdir(), "retro-flags-"))),
    (folder) => Effect.sync(() => rmSync(folder, { recursive: true }))
  ).pipe(
    Effect.map((folder) => {
      writeFileSync(join(folder, name), JSON.stringify(content))
      return join(folder, name)
    })
  )

describe("faults as feature flags", () => {
  it.scoped("off in production: the service is the program itself, whatever flags there are", () =>
    Effect.gen(function* () {
      for (const FAULTS of ["", "off"]) {
        const given = { NODE_ENV: "production", FAULT_FLAGS: JSON.stringify({ [rpc]: fails }) }
        const service = yield* serviceWith(FAULTS === "" ? given : { ...given, FAULTS })
        assertTrue(service.getSupportedCurrencies === getSupportedCurrencies)
      }
    })
  )

  it.scopedLive("openfeature: the flag of an rpc says what happens to it, and to no other", () =>
    Effect.gen(function* () {
      const given = { NODE_ENV: "production", FAULTS: "openfeature" }
      const off = yield* serviceWith(given)
      assertEquals(yield* ask(off), answer)
      const on = yield* serviceWith({ ...given, FAULT_FLAGS: JSON.stringify({ [rpc]: fails }) })
      assertEquals((yield* Effect.flip(ask(on)))._tag, "CallFailed")
      const other = yield* serviceWith({
        ...given,
        FAULT_FLAGS: JSON.stringify({ "CurrencyService.convert": fails })
      })
      assertEquals(yield* ask(other), answer)
    })
  )

  it.scopedLive("flags that cannot be read keep a service from starting, and are not repeated", () =>
    Effect.gen(function* () {
      const wrong = JSON.stringify({ [rpc]: { probability: 7777, fault: { _tag: "Hang" } } })
      const exit = yield* Effect.exit(serviceWith({ FAULTS: "openfeature", FAULT_FLAGS: wrong }))
      assertTrue(Exit.isFailure(exit))
    })
  )

  it.scopedLive("flagd: its provider is asked", () =>
    Effect.gen(function* () {
      const file = yield* temporaryFile("flags.json", {
        flags: { [rpc]: { state: "ENABLED", variants: { on: fails }, defaultVariant: "on" } }
      })
      const variables = { FLAGD_RESOLVER: "in-process", FLAGD_OFFLINE_FLAG_SOURCE_PATH: file }
      // The provider reads the environment itself.
      yield* Effect.acquireRelease(
        Effect.sync(() => Object.assign(process.env, variables)),
        () => Effect.sync(() => Object.keys(variables).forEach((name) => delete process.env[name]))
      )
      const service = yield* serviceWith({ FAULTS: "openfeature", ...variables })
      const failed = yield* Effect.flip(ask(service)).pipe(
        // The file is read in the background.
        Effect.retry(Schedule.spaced("20 millis")),
        Effect.timeout("10 seconds")
      )
      assertEquals(failed._tag, "CallFailed")
    })
  )
})
