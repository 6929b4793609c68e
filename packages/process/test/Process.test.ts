import * as grpc from "@grpc/grpc-js"
import { describe, it } from "@effect/vitest"
import { assertEquals, assertTrue, deepStrictEqual } from "@effect/vitest/utils"
import { CurrencyService } from "@retro/contract/CurrencyService"
import {
  HealthClient,
  type HealthCheckResponse,
  HealthCheckResponse_ServingStatus as ServingStatus
} from "@retro/contract/generated/grpc/health/v1/health"
import * as Money from "@retro/domain/Money"
import * as GrpcClient from "@retro/grpc/GrpcClient"
import * as HealthClientOfOurs from "@retro/grpc/HealthClient"
import { Effect, Either, Queue } from "effect"
import { createServer } from "node:net"
import * as Child from "./Child.ts"

const currencyservice = "packages/currencyservice/main.ts"
const offline = { PORT: "0", RATES: "snapshot", LOG_FORMAT: "json" }
const serving = /"message":"serving","attributes":\{"port":(\d+)\}/

/** What the server says of itself, from now on. */
const watch = Effect.fnUntraced(function* (port: number) {
  const states = yield* Queue.unbounded<ServingStatus>()
  const client = yield* Effect.acquireRelease(
    Effect.sync(() => new HealthClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure())),
    (client) => Effect.sync(() => client.close())
  )
  const call = client.watch({ service: "" })
  call.on("data", ({ status }: HealthCheckResponse) => states.unsafeOffer(status))
  call.on("error", () => undefined)
  return states
})

const convert = (port: number, money: Money.Money) =>
  Effect.flatMap(CurrencyService, (service) => service.convert({ from: money, toCode: "USD" })).pipe(
    Effect.provide(GrpcClient.layer(CurrencyService, `127.0.0.1:${port}`))
  )

const oneEuro = Either.getOrThrow(Money.make("EUR", 1n, 0))

describe("a process that runs", { timeout: 60_000 }, () => {
  it.scopedLive("serves, logs JSON with its name, and exits with 0 when it is asked to stop", () =>
    Effect.gen(function* () {
      const child = yield* Child.start(offline, currencyservice)
      const { groups, text: line } = yield* child.line(serving)
      const port = Number(groups[0])
      deepStrictEqual(Object.keys(JSON.parse(line)), ["time", "level", "service", "message", "attributes"])
      assertEquals(JSON.parse(line).service, "currencyservice")
      assertTrue(yield* HealthClientOfOurs.isServing(`127.0.0.1:${port}`))
      assertEquals((yield* convert(port, oneEuro)).currencyCode, "USD")
      yield* child.signal("SIGINT")
      assertEquals(yield* child.exitCode, 0)
      deepStrictEqual(child.errors, [])
    })
  )

  it.scopedLive("D33: SIGTERM: NOT_SERVING, the call in flight is answered, exit 0", () =>
    Effect.gen(function* () {
      const child = yield* Child.start({ PORT: "0", LOG_FORMAT: "json" }, "packages/process/test/slowCurrency.ts")
      const port = Number((yield* child.line(serving)).groups[0])
      const states = yield* watch(port)
      assertEquals(yield* Queue.take(states), ServingStatus.SERVING)
      const answer = yield* Effect.fork(convert(port, oneEuro))
      const inTheCall = yield* child.line(/"message":"converting"/)
      assertTrue(/"trace_id":"[0-9a-f]{32}","span_id":"[0-9a-f]{16}"/.test(inTheCall.text))

      yield* child.signal("SIGTERM")
      assertEquals(yield* Queue.take(states), ServingStatus.NOT_SERVING)
      yield* child.write("go on\n")
      assertEquals(yield* answer, oneEuro)
      assertEquals(yield* child.exitCode, 0)
    })
  )

  it.scopedLive("D33: a second signal, later than an echo of the first, ends it at once", () =>
    Effect.gen(function* () {
      const child = yield* Child.start({ PORT: "0", LOG_FORMAT: "json" }, "packages/process/test/slowCurrency.ts")
      const port = Number((yield* child.line(serving)).groups[0])
      yield* Effect.fork(Effect.ignore(convert(port, oneEuro)))
      yield* child.line(/"message":"converting"/)
      yield* child.signal("SIGTERM")
      yield* child.line(/"message":"stopping"/)
      // Until the time in which a signal counts as an echo is over, more of them change nothing.
      const insist = Effect.forever(Effect.zipRight(child.signal("SIGTERM"), Effect.sleep("50 millis")))
      assertEquals(yield* Effect.raceFirst(child.exitCode, insist), 143)
    })
  )
})

describe("a process that cannot start", { timeout: 60_000 }, () => {
  const refusal = (environment: Record<string, string>, script = currencyservice) =>
    Effect.gen(function* () {
      const child = yield* Child.start({ ...offline, ...environment }, script)
      const exitCode = yield* child.exitCode
      return { exitCode, errors: child.errors }
    })

  it.scopedLive("names the variable that is wrong, in one line without its value, and exits with 78", () =>
    Effect.gen(function* () {
      deepStrictEqual(yield* refusal({ PORT: "se7en" }), {
        exitCode: 78,
        errors: ["currencyservice cannot run: PORT: expected an integer value"]
      })
    })
  )

  it.scopedLive("names the port that is busy, in one line, and exits with 1", () =>
    Effect.gen(function* () {
      const busy = yield* Effect.acquireRelease(
        Effect.async<{ readonly port: number; readonly close: () => void }>((resume) => {
          const server = createServer().listen(0, () => {
            const address = server.address()
            const port = typeof address === "object" && address !== null ? address.port : 0
            resume(Effect.succeed({ port, close: () => server.close() }))
          })
        }),
        ({ close }) => Effect.sync(close)
      )
      const { errors, exitCode } = yield* refusal({ PORT: String(busy.port) })
      assertEquals(exitCode, 1)
      assertEquals(errors.length, 1)
      assertTrue(errors[0]?.startsWith(`currencyservice cannot run: cannot listen on 0.0.0.0:${busy.port}`))
    })
  )

  it.scopedLive("shows where a defect happened, and exits with 1", () =>
    Effect.gen(function* () {
      const { errors, exitCode } = yield* refusal({}, "packages/process/test/broken.ts")
      assertEquals(exitCode, 1)
      assertEquals(errors[0], "currencyservice cannot run: Error: the sky fell")
      assertTrue(errors.some((line) => line.includes("broken.ts:5")))
    })
  )
})
